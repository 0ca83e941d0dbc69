//! Keys that nobody knows, and those that are missing.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND, broken};

#[test]
fn the_sound_suite_is_sound() {
    let suite = Folder::with(SOUND).load().unwrap();
    assert_eq!((suite.name.as_str(), suite.metrics.len()), ("capitals", 3));
}

#[test]
fn an_unknown_key_is_told_at_every_level() {
    assert_snapshot!(broken("[gates.golden]", "[gate.golden]"), @"
     × unknown key `gate`
       ╭─[suite.toml:15:2]
    14 │
    15 │ [gate.golden]
       ·  ────
    16 │ pass_rate = 1.0
       ╰────
     help: did you mean `gates`?
    ");
    assert_snapshot!(broken("dataset = ", "datasets = \"x\"\ndataset = "), @r#"
     × unknown key `datasets`
      ╭─[suite.toml:3:1]
    2 │ name = "capitals"
    3 │ datasets = "x"
      · ────────
    4 │ dataset = "dataset"
      ╰────
     help: did you mean `dataset`?
    "#);
    assert_snapshot!(broken("[subject.openai]", "[subject.opnai]"), @r#"
     × unknown kind `opnai`
      ╭─[suite.toml:5:10]
    4 │
    5 │ [subject.opnai]
      ·          ─────
    6 │ model = "gpt-4o-mini"
      ╰────
     help: did you mean `openai`?
    "#);
    assert_snapshot!(broken("model = ", "modle = "), @r#"
     × unknown key `modle`
      ╭─[suite.toml:6:1]
    5 │ [subject.openai]
    6 │ modle = "gpt-4o-mini"
      · ─────
    7 │ prompt = "prompt.j2"
      ╰────
     help: did you mean `model`?
    "#);
    assert_snapshot!(broken("[metrics.overlap.token_f1]", "[metrics.overlap.tokn_f1]"), @"
     × unknown kind `tokn_f1`
       ╭─[suite.toml:12:18]
    11 │
    12 │ [metrics.overlap.tokn_f1]
       ·                  ───────
    13 │ threshold = { golden = 0.5 }
       ╰────
     help: did you mean `token_f1`?
    ");
    assert_snapshot!(broken("threshold = ", "treshold = "), @"
     × unknown key `treshold`
       ╭─[suite.toml:13:1]
    12 │ [metrics.overlap.token_f1]
    13 │ treshold = { golden = 0.5 }
       · ────────
    14 │
       ╰────
     help: did you mean `threshold`?
    ");
    assert_snapshot!(broken("{ golden = 0.5 }", "{ goldn = 0.5 }"), @"
     × unknown key `goldn`
       ╭─[suite.toml:13:15]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = { goldn = 0.5 }
       ·               ─────
    14 │
       ╰────
     help: did you mean `golden`?
    ");
    assert_snapshot!(broken("{ words = ", "{ wrds = "), @"
     × unknown key `wrds`
       ╭─[suite.toml:10:12]
     9 │ [metrics.rules.constraints]
    10 │ length = { wrds = { max = 200 } }
       ·            ────
    11 │
       ╰────
     help: did you mean `words`?
    ");
    assert_snapshot!(broken("{ max = 200 }", "{ maximum = 200 }"), @"
     × unknown key `maximum`
       ╭─[suite.toml:10:22]
     9 │ [metrics.rules.constraints]
    10 │ length = { words = { maximum = 200 } }
       ·                      ───────
    11 │
       ╰────
     help: known here: min, max
    ");
    assert_snapshot!(broken("[gates.golden]", "[gates.goldn]"), @"
     × unknown kind `goldn`
       ╭─[suite.toml:15:8]
    14 │
    15 │ [gates.goldn]
       ·        ─────
    16 │ pass_rate = 1.0
       ╰────
     help: did you mean `golden`?
    ");
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = 1.0\nmax_error = 0.1"), @"
     × unknown key `max_error`
       ╭─[suite.toml:17:1]
    16 │ pass_rate = 1.0
    17 │ max_error = 0.1
       · ─────────
       ╰────
     help: did you mean `max_errored`?
    ");
}

#[test]
fn a_key_that_resembles_nothing_lists_what_is_known() {
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = 1.0\nzebra = 1"), @"
     × unknown key `zebra`
       ╭─[suite.toml:17:1]
    16 │ pass_rate = 1.0
    17 │ zebra = 1
       · ─────
       ╰────
     help: known here: pass_rate, no_worse_than, confirm, require_calibration,
           max_calibration_age_days, on_inconclusive, max_errored
    ");
    assert_snapshot!(broken("[metrics.overlap.token_f1]", "[metrics.overlap.zebra]"), @"
     × unknown kind `zebra`
       ╭─[suite.toml:12:18]
    11 │
    12 │ [metrics.overlap.zebra]
       ·                  ─────
    13 │ threshold = { golden = 0.5 }
       ╰────
     help: known here: exact_match, token_f1, contains, regex, levenshtein, rouge, bleu, chrf,
           json_match, numeric, classification, semantic_similarity, support, hallucination, judge,
           retrieval, tool_calls, step_count, latency, tokens, cost, constraints, command
    ");
}

#[test]
fn a_missing_key_is_told() {
    assert_snapshot!(broken("name = \"capitals\"\n", ""), @r#"
     × missing field `name`
      ╭─[suite.toml:1:1]
    1 │ [suite]
      · ───────
    2 │ dataset = "dataset"
      ╰────
    "#);
    assert_snapshot!(broken("model = \"gpt-4o-mini\"\n", ""), @r#"
     × missing field `model`
      ╭─[suite.toml:5:1]
    4 │
    5 │ [subject.openai]
      · ────────────────
    6 │ prompt = "prompt.j2"
      ╰────
    "#);
    assert_snapshot!(broken("pass_rate = 1.0", "max_errored = 0.1"), @r#"
     × the gate of `golden` asks for nothing
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── neither `pass_rate` nor `no_worse_than`
    16 │ max_errored = 0.1
       ╰────
     help: add `pass_rate = 1.0`, or `no_worse_than = { baseline = "baselines/NAME.json", margin =
           0.05 }`
    "#);
    let without_subject = "[suite]\nname = \"a\"\ndataset = \"d\"\n[metrics]\n";
    assert_snapshot!(Folder::with(without_subject).diagnostics(), @r#"
     × missing field `subject`
      ╭─[suite.toml:1:1]
    1 │ [suite]
      · ▲
    2 │ name = "a"
      ╰────
    "#);
    assert_snapshot!(Folder::with("").diagnostics(), @"
    × missing field `suite`
     ╭─[suite.toml:1:1]
     ╰────
    ");
}

#[test]
fn a_suite_may_leave_what_fails_to_its_examples() {
    let start = SOUND.split("[metrics.rules").next().unwrap();
    for text in [format!("{start}[metrics]\n"), start.to_owned()] {
        let suite = Folder::with(&text).load().unwrap();
        let ids: Vec<&str> = suite.metrics.iter().map(|metric| metric.id.as_str()).collect();
        assert_eq!(ids, ["checks"]);
    }
}

#[test]
fn constraints_without_a_rule_are_refused() {
    assert_snapshot!(broken("length = { words = { max = 200 } }\n", ""), @"
     × metric `rules` has no constraint
       ╭─[suite.toml:9:10]
     8 │
     9 │ [metrics.rules.constraints]
       ·          ──┬──
       ·            ╰── nothing could ever fail
    10 │
       ╰────
     help: add one, such as `length = { words = { max = 200 } }`
    ");
    assert_snapshot!(broken("[metrics.overlap.token_f1]", "[metrics.checks.token_f1]"), @"
     × the id `checks` is taken
       ╭─[suite.toml:12:10]
    11 │
    12 │ [metrics.checks.token_f1]
       ·          ──────
    13 │ threshold = { golden = 0.5 }
       ╰────
     help: it stands for the examples' own checks; choose another id
    ");
}

#[test]
fn a_file_that_is_not_toml_is_told_where() {
    assert_snapshot!(broken("[gates.golden]", "[gates.golden"), @"
     × unclosed table, expected `]`
       ╭─[suite.toml:15:14]
    14 │
    15 │ [gates.golden
       ·              ▲
    16 │ pass_rate = 1.0
       ╰────
    ");
    assert_snapshot!(broken("dataset = \"dataset\"", "name = \"again\""), @r#"
     × duplicate key
      ╭─[suite.toml:3:1]
    2 │ name = "capitals"
    3 │ name = "again"
      · ────
    4 │
      ╰────
    "#);
}

#[test]
fn two_kinds_in_one_table_are_refused() {
    let two = broken("[metrics.rules", "[subject.recorded]\nfile = \"a.jsonl\"\n\n[metrics.rules");
    assert_snapshot!(two, @r#"

     × this table names several kinds; it must name exactly one
      ╭─[suite.toml:5:2]
    4 │
    5 │ [subject.openai]
      ·  ───────
    6 │ model = "gpt-4o-mini"
      ╰────
    "#);
}
