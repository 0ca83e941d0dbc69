//! Monitor files that are sound, and what they come to.

use std::time::Duration;

use evalward_config::{
    Alarm, AlarmKind, AlarmSeverity, AuthMode, MonitorConfig, SegmentKey, SpanSelection,
    monitor_schema,
};
use evalward_core::Rate;
use secrecy::ExposeSecret;

use crate::support::{Folder, SOUND};

/// The least that a monitor needs to know.
pub(crate) const LEAST: &str = "[evaluate]\nsuite = \"suite.toml\"\n";

/// A monitor file with every table.
pub(crate) const FULL: &str = r#"[server]
listen = "0.0.0.0:4318"
auth = "keys"
max_body = "1MiB"
max_decompressed = "4 MiB"
max_backlog = 7

[store]
url = "sqlite://data/monitor.db"

[ingest]
spans = "roots"

[sampling]
base_rate = 0.1
segment_by = ["service", "environment", "hour", "attribute.tenant"]

[sampling.segments]
"environment=staging" = 0.0
"hour=3" = 0.5

[sampling.always]
errors = false
slow = "10s"

[sampling.always.patterns]
refunds = "(?i)refund"

[evaluate]
suite = "suite.toml"
metrics = ["rules"]
workers = 3
max_attempts = 9
lease = "30s"

[alarms.broken.failed_constraint]
metrics = ["rules"]
severity = "high"
resolve_after = "1m"

[alarms.quality.pass_rate]
below = 0.9
over = "30m"
severity = "medium"

[notify.ops.webhook]
url = "${OPS_WEBHOOK}"
"#;

/// Writes a monitor file beside the sound suite.
pub(crate) fn folder(monitor: &str) -> Folder {
    Folder::with(SOUND).file("monitor.toml", monitor)
}

fn load(monitor: &str) -> MonitorConfig {
    let folder = folder(monitor);
    folder.monitor().unwrap_or_else(|errors| panic!("{}", errors.render(false)))
}

fn rate(value: f64) -> Rate {
    Rate::new(value).unwrap()
}

#[test]
fn the_least_file_has_the_documented_defaults() {
    let config = load(LEAST);
    let server = &config.server;
    assert_eq!(
        (server.listen.to_string().as_str(), server.auth),
        ("127.0.0.1:4318", AuthMode::Keys)
    );
    assert_eq!((server.max_body_bytes, server.max_decompressed_bytes), (16 << 20, 64 << 20));
    assert_eq!((server.max_backlog, config.spans), (100_000, SpanSelection::Generations));
    let sampling = &config.sampling;
    assert_eq!(
        (sampling.base_rate, sampling.segment_by.as_slice()),
        (rate(0.05), &[SegmentKey::Hour][..])
    );
    assert!(sampling.always.errors && sampling.always.negative_feedback);
    assert!(sampling.always.slow.is_none() && sampling.always.patterns.is_empty());
    let evaluation = &config.evaluation;
    assert_eq!((evaluation.workers.get(), evaluation.max_attempts.get()), (2, 5));
    assert_eq!((evaluation.lease, evaluation.suite.as_str()), (Duration::from_mins(1), "capitals"));
    assert!(config.alarms.is_empty() && config.webhooks.is_empty());
    let url = config.store_url.expose_secret();
    let file = config.path.with_file_name("evalward.db");
    assert_eq!(url, &format!("sqlite://{}", file.display()));
}

#[test]
fn metrics_that_never_apply_are_left_out_with_a_warning() {
    let config = load(LEAST);
    let ids: Vec<_> = config.evaluation.metrics.iter().map(|metric| metric.id.as_str()).collect();
    assert_eq!(ids, ["rules"]);
    insta::assert_snapshot!(config.warnings.join("\n"), @"metric `overlap` is left out: it needs an expected output, so it never applies to an interaction");
    let suite = SOUND.replace("max = 200 } }", "max = 200 } }\nwhere = { tags_any = [\"a\"] }")
        + "\n[metrics.golden.constraints]\na = { includes_any = [\"b\"] }\nwhere = { partitions = [\"golden\"] }\n\
           [metrics.kept.regex]\npattern = \"x\"\nwhere = { tags_none = [\"refusal\"] }\nthreshold = 1.0\n";
    let folder = Folder::with(&suite).file("monitor.toml", LEAST);
    let config = folder.monitor().unwrap();
    let ids: Vec<_> = config.evaluation.metrics.iter().map(|metric| metric.id.as_str()).collect();
    assert_eq!(ids, ["kept"]);
    insta::assert_snapshot!(config.warnings.join("\n"), @"
    metric `golden` is left out: its `where` leaves out the partition `distribution`, so it never applies to an interaction
    metric `overlap` is left out: it needs an expected output, so it never applies to an interaction
    metric `rules` is left out: its `where` asks for a tag, so it never applies to an interaction
    ");
}

#[test]
fn the_full_file_means_what_it_says() {
    let config = load(FULL);
    let server = &config.server;
    assert_eq!((server.listen.to_string().as_str(), server.auth), ("0.0.0.0:4318", AuthMode::Keys));
    assert_eq!((server.max_body_bytes, server.max_decompressed_bytes), (1 << 20, 4 << 20));
    assert_eq!((server.max_backlog, config.spans), (7, SpanSelection::Roots));
    let store = config.path.with_file_name("data").join("monitor.db");
    assert_eq!(config.store_url.expose_secret(), &format!("sqlite://{}", store.display()));
    let sampling = &config.sampling;
    let tenant = SegmentKey::Attribute("tenant".to_owned());
    let keys = [SegmentKey::Service, SegmentKey::Environment, SegmentKey::Hour, tenant];
    assert_eq!((sampling.base_rate, sampling.segment_by.as_slice()), (rate(0.1), &keys[..]));
    let segments: Vec<_> =
        sampling.segments.iter().map(|(part, rate)| (part.as_str(), rate.get())).collect();
    assert_eq!(segments, [("environment=staging", 0.0), ("hour=03", 0.5)]);
    let always = &sampling.always;
    assert!(!always.errors && always.negative_feedback);
    assert_eq!(always.slow, Some(Duration::from_secs(10)));
    assert_eq!(always.patterns[0].0, "refunds");
    assert!(always.patterns[0].1.is_match("A REFUND, please"));
    let evaluation = &config.evaluation;
    assert_eq!((evaluation.workers.get(), evaluation.max_attempts.get()), (3, 9));
    assert_eq!(evaluation.lease, Duration::from_secs(30));
    let broken = AlarmKind::FailedConstraint {
        metrics: vec!["rules".to_owned()],
        resolve_after: Duration::from_mins(1),
    };
    let quality = AlarmKind::PassRate { below: rate(0.9), over: Duration::from_mins(30) };
    let alarm = |id: &str, severity, kind| Alarm { id: id.to_owned(), severity, kind };
    let expected = [
        alarm("broken", AlarmSeverity::High, broken),
        alarm("quality", AlarmSeverity::Medium, quality),
    ];
    assert_eq!(config.alarms, expected);
    assert_eq!(config.webhooks[0].name, "ops");
    assert_eq!(config.webhooks[0].url.expose_secret(), "https://hooks.example/T0/secret");
    assert!(!format!("{config:?}").contains("T0"), "a secret shows");
    assert!(config.warnings.is_empty());
}

#[test]
fn a_file_can_build_on_another() {
    let monitor =
        "extends = \"base.toml\"\n[server]\nmax_backlog = 9\n[alarms.quality.failed_constraint]\n";
    let config = folder(monitor).file("base.toml", FULL).monitor().unwrap();
    assert_eq!((config.server.max_backlog, config.server.max_body_bytes), (9, 1 << 20));
    // Another kind under the same id replaces the alarm.
    assert!(matches!(config.alarms[1].kind, AlarmKind::FailedConstraint { .. }));
}

#[test]
fn local_listening_needs_no_keys() {
    for listen in ["127.0.0.1:0", "[::1]:4318", "localhost:4318"] {
        let monitor = format!("[server]\nlisten = \"{listen}\"\nauth = \"off\"\n{LEAST}");
        assert_eq!(load(&monitor).server.auth, AuthMode::Off, "{listen}");
    }
}

#[test]
fn the_schema_knows_every_key_of_the_full_file() {
    let schema = monitor_schema().to_string();
    for line in FULL.lines().filter(|line| !line.starts_with(['[', '"'])) {
        let Some((key, _)) = line.split_once(" = ") else { continue };
        assert!(key == "refunds" || schema.contains(&format!("\"{key}\"")), "{key}");
    }
}
