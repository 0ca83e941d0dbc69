//! What people read when a monitor file is wrong.

use insta::assert_snapshot;

use crate::monitor::{FULL, LEAST, folder};
use crate::support::{Folder, SOUND};

/// Renders what is wrong with the full file once a piece of its text is replaced.
#[track_caller]
fn broken(piece: &str, replacement: &str) -> String {
    assert!(FULL.contains(piece), "the full file has no `{piece}`");
    folder(&FULL.replace(piece, replacement)).monitor_diagnostics()
}

#[test]
fn unknown_words_have_a_suggestion() {
    assert_snapshot!(broken("[sampling]", "[samplng]"), @"
     × unknown key `samplng`
       ╭─[monitor.toml:14:2]
    13 │
    14 │ [samplng]
       ·  ───────
    15 │ base_rate = 0.1
       ╰────
     help: did you mean `sampling`?
    ");
    assert_snapshot!(broken("max_body = ", "max_bdy = "), @r#"
     × unknown key `max_bdy`
      ╭─[monitor.toml:4:1]
    3 │ auth = "keys"
    4 │ max_bdy = "1MiB"
      · ───────
    5 │ max_decompressed = "4 MiB"
      ╰────
     help: did you mean `max_body`?
    "#);
    assert_snapshot!(broken("\"service\", ", "\"servce\", "), @r#"
     × unknown kind `servce`
       ╭─[monitor.toml:16:14]
    15 │ base_rate = 0.1
    16 │ segment_by = ["servce", "environment", "hour", "attribute.tenant"]
       ·              ─────────────────────────────────────────────────────
    17 │
       ╰────
     help: did you mean `service`?
    "#);
    assert_snapshot!(broken("pass_rate]", "passrate]"), @"
     × unknown kind `passrate`
       ╭─[monitor.toml:41:17]
    40 │
    41 │ [alarms.quality.passrate]
       ·                 ────────
    42 │ below = 0.9
       ╰────
     help: did you mean `pass_rate`?
    ");
    assert_snapshot!(broken("spans = \"roots\"", "spans = \"root\""), @r#"
     × unknown kind `root`
       ╭─[monitor.toml:12:9]
    11 │ [ingest]
    12 │ spans = "root"
       ·         ──────
    13 │
       ╰────
     help: did you mean `roots`?
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nworkers", "metrics = [\"ruels\"]\nworkers"), @r#"
     × suite `capitals` has no metric `ruels`
       ╭─[monitor.toml:31:12]
    30 │ suite = "suite.toml"
    31 │ metrics = ["ruels"]
       ·            ───────
    32 │ workers = 3
       ╰────
     help: did you mean `rules`?
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nseverity", "metrics = [\"rulse\"]\nseverity"), @r#"
     × `rulse` is no metric of kind `constraints` that is evaluated
       ╭─[monitor.toml:37:12]
    36 │ [alarms.broken.failed_constraint]
    37 │ metrics = ["rulse"]
       ·            ───────
    38 │ severity = "high"
       ╰────
     help: did you mean `rules`?
    "#);
    assert_snapshot!(broken("\"environment=staging\"", "\"enviroment=staging\""), @r#"
     × no segment has a part `enviroment`
       ╭─[monitor.toml:19:1]
    18 │ [sampling.segments]
    19 │ "enviroment=staging" = 0.0
       · ────────────────────
    20 │ "hour=3" = 0.5
       ╰────
     help: did you mean `environment`?
    "#);
}

#[test]
fn values_that_make_no_sense_are_told() {
    assert_snapshot!(broken("1MiB", "1 megabyte"), @r#"
     × `1 megabyte` is not a size: write `16MiB`, `500kB` or `1024`
      ╭─[monitor.toml:4:12]
    3 │ auth = "keys"
    4 │ max_body = "1 megabyte"
      ·            ────────────
    5 │ max_decompressed = "4 MiB"
      ╰────
    "#);
    assert_snapshot!(broken("\"30s\"", "\"200ms\""), @r#"
     × the lease is too short
       ╭─[monitor.toml:34:9]
    33 │ max_attempts = 9
    34 │ lease = "200ms"
       ·         ───────
    35 │
       ╰────
     help: take `1s` or more; one evaluation may take half of it
    "#);
    assert_snapshot!(broken("base_rate = 0.1", "base_rate = 10"), @r#"
     × `10` is not a share: write a number from 0 to 1
       ╭─[monitor.toml:15:13]
    14 │ [sampling]
    15 │ base_rate = 10
       ·             ──
    16 │ segment_by = ["service", "environment", "hour", "attribute.tenant"]
       ╰────
    "#);
    assert_snapshot!(broken("workers = 3", "workers = 0"), @r#"
     × invalid value: integer `0`, expected a whole number from 1
       ╭─[monitor.toml:32:11]
    31 │ metrics = ["rules"]
    32 │ workers = 0
       ·           ─
    33 │ max_attempts = 9
       ╰────
    "#);
    assert_snapshot!(broken("0.0.0.0:4318", "example.com"), @r#"
     × `example.com` is not an address with a port
      ╭─[monitor.toml:2:10]
    1 │ [server]
    2 │ listen = "example.com"
      ·          ─────────────
    3 │ auth = "keys"
      ╰────
     help: write an IP address and a port, such as `127.0.0.1:4318` or `0.0.0.0:4318`
    "#);
    assert_snapshot!(broken("(?i)refund", "(refund"), @r#"
     × pattern `refunds` is no regular expression: unclosed group
       ╭─[monitor.toml:27:11]
    26 │ [sampling.always.patterns]
    27 │ refunds = "(refund"
       ·           ─────────
    28 │
       ╰────
    "#);
    assert_snapshot!(broken("\"hour=3\"", "\"hour=24\""), @r#"
     × `24` is not an hour of the day
       ╭─[monitor.toml:20:1]
    19 │ "environment=staging" = 0.0
    20 │ "hour=24" = 0.5
       · ─────────
    21 │
       ╰────
     help: write a number from 0 to 23, in UTC
    "#);
    assert_snapshot!(broken("\"hour=3\"", "\"noon\""), @r#"
     × `noon` is not the part of a segment
       ╭─[monitor.toml:20:1]
    19 │ "environment=staging" = 0.0
    20 │ "noon" = 0.5
       · ──────
    21 │
       ╰────
     help: write a property and its value, such as `"environment=staging"`
    "#);
    assert_snapshot!(broken("\"hour\", ", "\"service\", "), @r#"
     × `service` stands twice in `segment_by`
       ╭─[monitor.toml:16:14]
    15 │ base_rate = 0.1
    16 │ segment_by = ["service", "environment", "service", "attribute.tenant"]
       ·              ─────────────────────────────────────────────────────────
    17 │
       ╰────
     help: name each property once
     × no segment has a part `hour`
       ╭─[monitor.toml:20:1]
    19 │ "environment=staging" = 0.0
    20 │ "hour=3" = 0.5
       · ────────
    21 │
       ╰────
     help: add `hour` to `sampling.segment_by`
    "#);
    assert_snapshot!(broken("sqlite://data", "mysql://data"), @r#"
     × this names no store that is known
       ╭─[monitor.toml:9:7]
     8 │ [store]
     9 │ url = "mysql://data/monitor.db"
       ·       ─────────────────────────
    10 │
       ╰────
     help: write `sqlite://PATH`, or `postgres://USER@HOST/DATABASE`
    "#);
    assert_snapshot!(broken("over = \"30m\"", "over = \"10s\""), @r#"
     × the period is too short
       ╭─[monitor.toml:43:8]
    42 │ below = 0.9
    43 │ over = "10s"
       ·        ─────
    44 │ severity = "medium"
       ╰────
     help: take `1m` or more; windows are by the minute
    "#);
}

#[test]
fn what_could_never_happen_is_refused() {
    assert_snapshot!(broken("below = 0.9", "below = 0"), @r#"
     × the alarm `quality` can never fire: no rate is below 0
       ╭─[monitor.toml:42:9]
    41 │ [alarms.quality.pass_rate]
    42 │ below = 0
       ·         ─
    43 │ over = "30m"
       ╰────
     help: take a rate above 0, or remove the alarm
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nworkers", "metrics = [\"overlap\"]\nworkers"), @r#"
     × none of the metrics could fail an interaction
       ╭─[monitor.toml:31:11]
    30 │ suite = "suite.toml"
    31 │ metrics = ["overlap"]
       ·           ───────────
    32 │ workers = 3
       ╰────
     help: choose a metric that decides without an expected output, such as one of kind `constraints`
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nworkers", "metrics = []\nworkers"), @r#"
     × none of the metrics could fail an interaction
       ╭─[monitor.toml:31:11]
    30 │ suite = "suite.toml"
    31 │ metrics = []
       ·           ──
    32 │ workers = 3
       ╰────
     help: choose a metric that decides without an expected output, such as one of kind `constraints`
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nworkers", "metrics = [\"checks\"]\nworkers"), @r#"
     × `checks` stands for what examples carry, and interactions carry none
       ╭─[monitor.toml:31:12]
    30 │ suite = "suite.toml"
    31 │ metrics = ["checks"]
       ·            ────────
    32 │ workers = 3
       ╰────
     help: leave it out; interactions are evaluated by the suite's own metrics
    "#);
    assert_snapshot!(broken("metrics = [\"rules\"]\nseverity", "metrics = []\nseverity"), @"
     × the alarm `broken` can never fire: it watches no constraint
       ╭─[monitor.toml:36:9]
    35 │
    36 │ [alarms.broken.failed_constraint]
       ·         ──────
    37 │ metrics = []
       ╰────
     help: name a metric of kind `constraints` that is evaluated, or remove the alarm
    ");
    assert_snapshot!(broken("[alarms.broken", "[alarms.recurrence"), @r#"
     × the id `recurrence` is taken
       ╭─[monitor.toml:36:9]
    35 │
    36 │ [alarms.recurrence.failed_constraint]
       ·         ──────────
    37 │ metrics = ["rules"]
       ╰────
     help: it stands for the alarm that a pattern recurred; choose another id
    "#);
    let nothing =
        "[sampling]\nbase_rate = 0\nalways = { errors = false, negative_feedback = false }\n";
    assert_snapshot!(folder(&format!("{nothing}{LEAST}")).monitor_diagnostics(), @"
     × no interaction could ever become a sample
      ╭─[monitor.toml:2:13]
    1 │ [sampling]
    2 │ base_rate = 0
      ·             ─
    3 │ always = { errors = false, negative_feedback = false }
      ╰────
     help: take a base rate above 0, or something that is always sampled
    ");
}

#[test]
fn an_open_door_is_refused() {
    assert_snapshot!(broken("\"keys\"", "\"off\""), @r#"
     × without keys everybody who reaches `0.0.0.0:4318` may read and send
      ╭─[monitor.toml:3:8]
    2 │ listen = "0.0.0.0:4318"
    3 │ auth = "off"
      ·        ─────
    4 │ max_body = "1MiB"
      ╰────
     help: listen on `127.0.0.1`, or take `auth = "keys"` and make keys with `evalward-monitor key
           create`
    "#);
}

#[test]
fn secrets_that_are_missing_or_no_address_are_told_without_showing_them() {
    assert_snapshot!(broken("${OPS_WEBHOOK}", "${OPS_HOOK}"), @r#"
     × environment variable `OPS_HOOK` is not set
       ╭─[monitor.toml:47:7]
    46 │ [notify.ops.webhook]
    47 │ url = "${OPS_HOOK}"
       ·       ──────┬──────
       ·             ╰── needed here
       ╰────
     help: set it, in the environment or in `.env`: `export OPS_HOOK=...`
    "#);
    assert_snapshot!(broken("${OPS_WEBHOOK}", "${PLAIN}"), @r#"
     × the webhook `ops` has no address of the web
       ╭─[monitor.toml:47:7]
    46 │ [notify.ops.webhook]
    47 │ url = "${PLAIN}"
       ·       ──────────
       ╰────
     help: write `https://…`, or `"${NAME}"` for an environment variable that does
    "#);
    assert_snapshot!(broken("${OPS_WEBHOOK}", "hooks.example/T0/literal-key"), @r#"
     × the webhook `ops` has no address of the web
       ╭─[monitor.toml:47:7]
    46 │ [notify.ops.webhook]
    47 │ url = "****************************"
       ·       ──────────────────────────────
       ╰────
     help: write `https://…`, or `"${NAME}"` for an environment variable that does
    "#);
}

#[test]
fn files_that_are_missing_are_told() {
    assert_snapshot!(Folder::with(SOUND).monitor_diagnostics(), @r#"
    × failed to read `monitor.toml`: No such file or directory (os error 2)
    help: name the monitor's file with `--config`; at the least it says `[evaluate]` and `suite =
          "evalward.toml"`
    "#);
    assert_snapshot!(folder("").monitor_diagnostics(), @"
    × missing field `evaluate`
     ╭─[monitor.toml:1:1]
     ╰────
    ");
    assert_snapshot!(broken("suite = \"suite.toml\"", "suite = \"swuite.toml\""), @r#"
     × failed to read `swuite.toml`: No such file or directory (os error 2)
       ╭─[monitor.toml:30:9]
    29 │ [evaluate]
    30 │ suite = "swuite.toml"
       ·         ─────────────
    31 │ metrics = ["rules"]
       ╰────
     help: name the suite whose metrics evaluate samples, relative to this file
    "#);
}

#[test]
fn all_mistakes_of_both_files_are_told_at_once() {
    let monitor = "[server]\nlisten = \"nowhere\"\n[notify.ops.webhook]\nurl = \"${OPS_HOOK}\"\n"
        .to_owned()
        + LEAST;
    let suite = SOUND.replace("{ golden = 0.5 }", "{ golden = 0.0 }");
    assert_snapshot!(Folder::with(&suite).file("monitor.toml", &monitor).monitor_diagnostics(), @r#"
     × `nowhere` is not an address with a port
      ╭─[monitor.toml:2:10]
    1 │ [server]
    2 │ listen = "nowhere"
      ·          ─────────
    3 │ [notify.ops.webhook]
      ╰────
     help: write an IP address and a port, such as `127.0.0.1:4318` or `0.0.0.0:4318`
     × environment variable `OPS_HOOK` is not set
      ╭─[monitor.toml:4:7]
    3 │ [notify.ops.webhook]
    4 │ url = "${OPS_HOOK}"
      ·       ──────┬──────
      ·             ╰── needed here
    5 │ [evaluate]
      ╰────
     help: set it, in the environment or in `.env`: `export OPS_HOOK=...`
     × `overlap` can never fail: every score reaches 0
       ╭─[suite.toml:13:13]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = { golden = 0.0 }
       ·             ────────────────
    14 │
       ╰────
     help: raise the threshold
    "#);
}
