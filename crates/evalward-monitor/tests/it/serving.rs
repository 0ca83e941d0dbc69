//! From a request to a stored evaluation, through stops and restarts.

use std::collections::BTreeMap;

use evalward_config::{LoadOptions, load_monitor};
use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, SuiteMetric};
use evalward_monitor::serve;
use evalward_testkit::Postgres;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{MONITOR, Monitor, SUITE, files, interaction, total};

#[test]
fn an_interaction_is_redacted_sampled_and_evaluated() {
    let scratch = files(MONITOR, SUITE);
    let monitor = Monitor::start(&scratch);
    let answer = monitor.send(&json!([
        interaction("good", "Where is my order? I am jane@corp-mail.com", "It is on its way."),
        interaction("bad", "Why?", "That is a stupid question."),
        {"id": "broken", "input": "Why?", "error": "timeout"},
    ]));
    assert_eq!((&answer["accepted"], &answer["sampled"]), (&json!(3), &json!(3)));
    assert_eq!(monitor.evaluation_of("good")["outcome"], "passed");
    let bad = monitor.evaluation_of("bad");
    assert_eq!(bad["outcome"], "failed", "{bad}");
    let broken = monitor.evaluation_of("broken").to_string();
    assert!(broken.contains("the application answered with an error: timeout"), "{broken}");
    let stored = monitor.get("/api/v1/interactions/good").to_string();
    assert!(stored.contains("[EMAIL]") && !stored.contains("jane"), "{stored}");
    let again = monitor.send(&interaction("good", "Where?", "Here."));
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(1)));
    let metrics = monitor.get("/metrics").to_string();
    for line in [
        r#"evalward_interactions_total{became=\"sampled\"} 3"#,
        r#"evalward_evaluations_total{outcome=\"failed\"} 1"#,
        r#"evalward_evaluations_total{outcome=\"errored\"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let finished = monitor.stop().expect_code(0);
    assert_eq!(finished.stdout, "");
    for line in finished.stderr.lines() {
        let log: Value = serde_json::from_str(line).expect("each line of the log is JSON");
        assert!(log["level"] != "ERROR", "{line}");
    }
}

#[test]
fn what_was_taken_in_survives_a_kill_and_a_stop() {
    let scratch = files(MONITOR, SUITE);
    let ids: Vec<String> = (0..120).map(|index| format!("int-{index}")).collect();
    let (first, rest) = ids.split_at(60);
    let batch = |ids: &[String]| -> Value {
        ids.iter().map(|id| interaction(id, "Why?", "Because.")).collect()
    };
    let monitor = Monitor::start(&scratch);
    monitor.send(&batch(first));
    monitor.kill();
    let monitor = Monitor::start(&scratch);
    monitor.send(&batch(rest));
    drop(monitor.stop().expect_code(0));
    let monitor = Monitor::start(&scratch);
    for id in &ids {
        assert_eq!(monitor.evaluation_of(id)["outcome"], "passed", "{id}");
    }
    let windows = monitor.windows();
    let count = |name: &str| total(&windows, name);
    assert_eq!((count("seen"), count("sampled"), count("passed")), (120, 120, 120));
    drop(monitor.stop().expect_code(0));
}

#[tokio::test]
async fn replicas_on_one_postgres_share_the_work_and_do_it_once() {
    let database = Postgres::database().await;
    let (here, there) = (files(MONITOR, SUITE), files(MONITOR, SUITE));
    let here = Monitor::start_on(&here, &database);
    let there = Monitor::start_on(&there, &database);
    let ids: Vec<String> = (0..100).map(|index| format!("int-{index}")).collect();
    let batch = |ids: &[String]| -> Value {
        ids.iter().map(|id| interaction(id, "Why?", "Because.")).collect()
    };
    here.send(&batch(&ids[..60]));
    let answer = there.send(&batch(&ids[40..]));
    assert_eq!((&answer["accepted"], &answer["duplicate"]), (&json!(40), &json!(20)));
    let counted = there.wait_until("the evaluation of all samples", |monitor| {
        let windows = monitor.windows();
        let count = |name: &str| total(&windows, name);
        (count("waiting") == 0).then(|| (count("seen"), count("sampled"), count("passed")))
    });
    assert_eq!(counted, (100, 100, 100));
    let evaluated = |monitor: &Monitor<'_>| -> u64 {
        let metrics = monitor.request("GET", "/metrics", "").1;
        let counter = "evalward_evaluations_total{outcome=\"passed\"} ";
        metrics.lines().find_map(|line| line.strip_prefix(counter)?.parse().ok()).unwrap_or(0)
    };
    assert_eq!(evaluated(&here) + evaluated(&there), 100, "a sample was evaluated twice");
    drop(here.stop().expect_code(0));
    drop(there.stop().expect_code(0));
}

#[test]
fn only_a_share_of_ordinary_interactions_is_sampled_and_all_are_counted() {
    let monitor_file = MONITOR.replace("base_rate = 1.0", "base_rate = 0.2\nsegment_by = []")
        + "\n[sampling.always.patterns]\nrefunds = \"refund\"\n";
    let scratch = files(&monitor_file, SUITE);
    let monitor = Monitor::start(&scratch);
    let question = |index: usize| if index.is_multiple_of(10) { "a refund" } else { "a thing" };
    let batch: Value = (0..300)
        .map(|index| interaction(&format!("int-{index}"), question(index), "Yes."))
        .collect();
    let answer = monitor.send(&batch);
    let sampled = answer["sampled"].as_u64().unwrap();
    assert!((30 + 20..30 + 100).contains(&sampled), "{answer}");
    let windows = monitor.wait_until("the evaluation of all samples", |monitor| {
        Some(monitor.windows()).filter(|windows| total(windows, "passed") == sampled)
    });
    let mut strata: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for window in windows["windows"].as_array().unwrap() {
        let (seen, sampled) = strata.entry(window["stratum"].as_str().unwrap()).or_default();
        *seen += window["seen"].as_u64().unwrap();
        *sampled += window["sampled"].as_u64().unwrap();
    }
    let expected = BTreeMap::from([("base", (270, sampled - 30)), ("pattern:refunds", (30, 30))]);
    assert_eq!(strata, expected);
    drop(monitor.stop().expect_code(0));
}

#[test]
fn a_thumb_down_samples_what_was_not() {
    let scratch = files(&MONITOR.replace("base_rate = 1.0", "base_rate = 0.0"), SUITE);
    let monitor = Monitor::start(&scratch);
    assert_eq!(monitor.send(&interaction("disliked", "Why?", "Because."))["sampled"], json!(0));
    let thumb = json!({"interaction_id": "disliked", "thumb": "down", "comment": "ask a@corp.de"});
    let (status, body) = monitor.request("POST", "/api/v1/feedback", &thumb.to_string());
    assert_eq!((status, body.contains("recorded")), (202, true), "{body}");
    assert_eq!(monitor.evaluation_of("disliked")["outcome"], "passed");
    let stored = monitor.get("/api/v1/interactions/disliked").to_string();
    assert!(stored.contains("negative_feedback"), "{stored}");
    drop(monitor.stop().expect_code(0));
}

#[test]
fn a_full_backlog_takes_nothing_and_says_when_to_come_back() {
    let suite = SUITE.to_owned() + "\n[metrics.slow.command]\ncommand = [\"sleep\", \"60\"]\n";
    let monitor_file = MONITOR.replace("auth = \"off\"", "auth = \"off\"\nmax_backlog = 3");
    let scratch = files(&monitor_file, &suite);
    let monitor = Monitor::start(&scratch);
    let batch: Value =
        (0..3).map(|index| interaction(&format!("int-{index}"), "Why?", "Because.")).collect();
    monitor.send(&batch);
    let refused = interaction("late", "Why?", "Because.").to_string();
    let (status, body) = monitor.request("POST", "/api/v1/interactions", &refused);
    assert_eq!(status, 429, "{body}");
    assert_eq!(monitor.request("GET", "/api/v1/interactions/late", "").0, 404);
    drop(monitor.stop().expect_code(0));
}

/// A metric whose model is missing.
#[derive(Debug)]
struct Missing;

impl Metric for Missing {
    fn kind(&self) -> &'static str {
        "missing"
    }

    fn preflight(&self) -> Result<(), String> {
        Err("model `small` is not here: `evalward models pull small`".to_owned())
    }

    fn score<'a>(&'a self, _: &'a Example, _: &'a Reply) -> BoxFuture<'a, Measurement> {
        unreachable!("it cannot be computed")
    }
}

#[tokio::test]
async fn a_metric_that_cannot_be_computed_keeps_the_monitor_from_starting() {
    let scratch = files(MONITOR, SUITE);
    let path = scratch.path("monitor.toml");
    let mut config = load_monitor(&path, &LoadOptions::default()).unwrap();
    config.evaluation.metrics.push(SuiteMetric::new("meaning", Missing));
    let before = scratch.all_files();
    let served = serve(config, CancellationToken::new(), |_| panic!("it must not listen")).await;
    let expected =
        "prepare metric `meaning`: model `small` is not here: `evalward models pull small`";
    assert_eq!(served.unwrap_err().to_string(), expected);
    assert_eq!(scratch.all_files(), before, "nothing is written");
}
