//! Traffic of which rare, always sampled interactions fail often: what the windows say of all of it.

use serde_json::{Value, json};

use crate::support::{MONITOR, Monitor, SUITE, files};

const INTERACTIONS: u32 = 3_000;
const BATCH: u32 = 500;

const SAMPLING: &str = r#"base_rate = 0.05
[sampling.always]
slow = "10s"
[sampling.always.patterns]
refunds = "(?i)refund"
"#;

/// Every 25th question is about a refund and every 50th answer is slow; two thirds of those fail, and one in 30 of the others.
struct Kind {
    stratum: &'static str,
    passes: bool,
}

fn kind(number: u32) -> Kind {
    match number {
        _ if number.is_multiple_of(50) => {
            Kind { stratum: "slow", passes: number.is_multiple_of(3) }
        }
        _ if number.is_multiple_of(25) => {
            Kind { stratum: "pattern:refunds", passes: number.is_multiple_of(3) }
        }
        _ => Kind { stratum: "base", passes: number % 30 != 1 },
    }
}

fn interaction(number: u32) -> Value {
    let Kind { stratum, passes } = kind(number);
    json!({
        "id": format!("answer-{number}"),
        "trace_id": format!("{number:032x}"),
        "latency_millis": if stratum == "slow" { 12_000 } else { 700 },
        "input": if stratum == "pattern:refunds" { "Where is my refund?" } else { "Where is the trash?" },
        "output": if passes { "In the side bar." } else { "A stupid question." },
    })
}

/// Sends the traffic and waits until its samples are evaluated; `None` where the hour ended meanwhile.
fn overall() -> Option<Value> {
    let scratch = files(&MONITOR.replace("base_rate = 1.0\n", SAMPLING), SUITE);
    let monitor = Monitor::start(&scratch);
    for first in (0..INTERACTIONS).step_by(usize::try_from(BATCH).unwrap()) {
        let batch: Value = (first..first + BATCH).map(interaction).collect();
        let answer = monitor.send(&batch);
        assert_eq!(answer["accepted"], BATCH, "{answer}");
    }
    let windows = monitor.wait_until("the evaluation of all samples", |monitor| {
        let mut answer = monitor.get("/api/v1/windows?resolution=hour");
        let overall = answer["overall"].take();
        let hours = overall.as_array().unwrap();
        hours.iter().all(|hour| hour["waiting"] == 0).then(|| hours.clone())
    });
    drop(monitor.stop().expect_code(0));
    if let [overall] = &windows[..] { Some(overall.clone()) } else { None }
}

#[test]
fn the_rate_of_a_window_holds_for_all_of_its_traffic() {
    // Once the hour has turned, it does not turn again before the traffic is in.
    let overall = overall().or_else(overall).expect("the traffic came in within an hour");
    let passing = (0..INTERACTIONS).filter(|number| kind(*number).passes).count();
    let truth = f64::from(u32::try_from(passing).unwrap()) / f64::from(INTERACTIONS);
    let number = |value: &Value| value.as_f64().unwrap();
    let rate = &overall["pass_rate"];
    assert_eq!(overall["seen"], INTERACTIONS);
    assert_eq!((&overall["errored"], &overall["skipped"]), (&json!(0), &json!(0)));
    assert_eq!(rate["method"], "hajek");
    assert!(number(&rate["low"]) <= truth && truth <= number(&rate["high"]), "{truth}: {overall}");
    assert!(number(&rate["high"]) - number(&rate["low"]) < 0.1, "{overall}");
    // The plain share over the samples says that a third fails.
    let plain = number(&overall["unweighted_pass_rate"]);
    assert!(plain < 0.75 && plain < number(&rate["low"]) && truth > 0.93, "{truth}: {overall}");
}
