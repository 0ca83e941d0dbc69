//! The evaluator is down for a while.

use std::fs;

use serde_json::{Value, json};

use crate::support::{MONITOR, Monitor, SUITE, files, interaction, total};

/// A judge that fails until a file exists.
const JUDGE: &str = r#"import json, os, sys
for line in sys.stdin:
    case = json.loads(line)
    if not os.path.exists("up"):
        print(json.dumps({"id": case["id"], "error": "the judge is away"}), flush=True)
        continue
    if case["output"] == "poison":
        print(json.dumps({"id": case["id"], "error": "the judge chokes"}), flush=True)
        continue
    good = "good" in case["output"]
    print(json.dumps({"id": case["id"], "score": 1 if good else 0, "passed": good}), flush=True)
"#;

const JUDGED: &str = r#"
[metrics.judged.command]
command = ["python3", "judge.py"]
"#;

#[test]
fn nothing_is_lost_no_rate_is_zero_and_the_backlog_drains_by_itself() {
    let monitor_file = MONITOR.to_owned() + "max_attempts = 1\nworkers = 4\n";
    let scratch = files(&monitor_file, &(SUITE.to_owned() + JUDGED));
    scratch.file("judge.py", JUDGE);
    let monitor = Monitor::start(&scratch);
    let batch: Value = (0..8)
        .map(|index| {
            let output = if index < 6 { "a good answer" } else { "an answer" };
            interaction(&format!("int-{index}"), "Why?", output)
        })
        .collect();
    monitor.send(&batch);
    // The judge fails more often than attempts are allowed, and fails each sample.
    monitor.wait_until("repeated failed attempts", |monitor| {
        let metrics = monitor.request("GET", "/metrics", "").1;
        let counter = "evalward_evaluations_retried_total";
        let line = metrics.lines().find(|line| line.starts_with(counter))?;
        (line.split_whitespace().nth(1)?.parse::<u64>().ok()? > 16).then_some(())
    });
    let down = monitor.windows();
    assert_eq!((total(&down, "sampled"), total(&down, "waiting")), (8, 8));
    assert_eq!((total(&down, "passed"), total(&down, "errored")), (0, 0));
    for period in down["overall"].as_array().unwrap() {
        assert_eq!(
            (&period["pass_rate"], &period["unweighted_pass_rate"]),
            (&Value::Null, &Value::Null)
        );
    }
    // Senders do not notice.
    monitor.send(&interaction("later", "Why?", "a good answer"));
    fs::write(scratch.path("up"), "").unwrap();
    monitor.wait_until("an empty backlog", |monitor| {
        (total(&monitor.windows(), "waiting") == 0).then_some(())
    });
    let up = monitor.windows();
    assert_eq!((total(&up, "passed"), total(&up, "failed"), total(&up, "errored")), (7, 2, 0));
    let queue = monitor.get("/api/v1/queue");
    assert_eq!((&queue["waiting"], &queue["parked"]), (&json!(0), &json!(0)), "{queue}");
    drop(monitor.stop().expect_code(0));
}

/// A judge that never answers until a file exists.
const HANGING: &str = r#"import json, os, sys, time
for line in sys.stdin:
    open("held", "w").close()
    while not os.path.exists("up"):
        time.sleep(0.05)
    print(json.dumps({"id": json.loads(line)["id"], "score": 1, "passed": True}), flush=True)
"#;

#[test]
fn a_stop_gives_back_what_is_under_way() {
    // Were the leases kept, the samples would wait for an hour.
    let scratch = files(&MONITOR.replace("5s", "1h"), &(SUITE.to_owned() + JUDGED));
    scratch.file("judge.py", HANGING);
    let batch: Value =
        (0..6).map(|index| interaction(&format!("int-{index}"), "Why?", "Because.")).collect();
    let monitor = Monitor::start(&scratch);
    monitor.send(&batch);
    // The judge says that it holds a sample.
    monitor.wait_until("an evaluation under way", |_| fs::metadata(scratch.path("held")).ok());
    drop(monitor.stop().expect_code(0));
    fs::write(scratch.path("up"), "").unwrap();
    let monitor = Monitor::start(&scratch);
    for index in 0..6 {
        assert_eq!(monitor.evaluation_of(&format!("int-{index}"))["outcome"], "passed");
    }
    drop(monitor.stop().expect_code(0));
}

#[test]
fn a_sample_that_cannot_be_evaluated_is_parked_while_others_can() {
    let monitor_file = MONITOR.to_owned() + "max_attempts = 2\n";
    let scratch = files(&monitor_file, &(SUITE.to_owned() + JUDGED));
    scratch.file("judge.py", JUDGE).file("up", "");
    let monitor = Monitor::start(&scratch);
    monitor.send(&interaction("poison", "Why?", "poison"));
    monitor.wait_until("a first failed attempt", |monitor| {
        let metrics = monitor.request("GET", "/metrics", "").1;
        metrics.contains("evalward_evaluations_retried_total").then_some(())
    });
    monitor.send(&interaction("fine", "Why?", "a good answer"));
    let evaluation = monitor.evaluation_of("poison");
    assert_eq!(evaluation["outcome"], "errored", "{evaluation}");
    assert!(evaluation.to_string().contains("the judge chokes"), "{evaluation}");
    assert_eq!(monitor.get("/api/v1/queue")["parked"], json!(1));
    assert_eq!(monitor.evaluation_of("fine")["outcome"], "passed");
    drop(monitor.stop().expect_code(0));
}
