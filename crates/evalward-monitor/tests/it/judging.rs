//! Judges as evaluators of live traffic.

use evalward_testkit::{FakeModel, Postgres, Turn};
use serde_json::{Value, json};

use crate::support::{MONITOR, Monitor, files, interaction, program};

const CONTEXT: &str = "The Pro plan costs $49 a month and includes five seats.";
const FEATURE: &str = "The Pro plan costs $49 a month and has phone support.";

fn suite(address: &str) -> String {
    format!(
        "[suite]\nname = \"support\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
         [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"{address}/v1\"\n\n\
         [metrics.grounded.hallucination]\njudge = \"faithfulness\"\n\n\
         [metrics.right.judge]\njudge = \"correctness\"\nthreshold = 3\n"
    )
}

const ALARM: &str = "\n[alarms.invented.hallucination]\nresolve_after = \"1h\"\n";

/// A judge that sees an invented feature.
async fn judge() -> FakeModel {
    FakeModel::start(|text| {
        let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
        let price = "The Pro plan costs $49 a month";
        let mut claims = vec![json!({"claim": price, "evidence": price, "label": "SUPPORTED"})];
        if text.contains("phone support") {
            claims.push(
                json!({"claim": "has phone support", "evidence": null, "label": "UNSUPPORTED"}),
            );
        }
        Turn::says(json!({"code": after.split('.').next(), "claims": claims}).to_string())
    })
    .await
}

/// A request of an instrumented application: one span with the question, the answer and the document it rests on.
fn span(id: &str, answer: &str) -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let attributes = [
        text("openinference.span.kind", "LLM"),
        text("input.value", "What does Pro cost?"),
        text("output.value", answer),
        text("retrieval.documents.0.document.content", CONTEXT),
    ];
    let span = json!({
        "traceId": format!("5b8efff798038103d269b633813fc6{id}"),
        "spanId": format!("eee19b7ec3c1b1{id}"),
        "name": "answer",
        "kind": 1,
        "startTimeUnixNano": "1762179726000000000",
        "endTimeUnixNano": "1762179727532000000",
        "attributes": attributes,
    });
    let service = json!({"attributes": [text("service.name", "support")]});
    json!({"resourceSpans": [{"resource": service, "scopeSpans": [{"spans": [span]}]}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invented_feature_raises_the_alarm() {
    let judge = judge().await;
    let database = Postgres::database().await;
    let scratch = files(&format!("{MONITOR}{ALARM}"), &suite(&judge.address()));
    let monitor = Monitor::start_on(&scratch, &database);
    let traces = |span: &Value| {
        let (status, body) = monitor.request("POST", "/v1/traces", &span.to_string());
        assert_eq!(status, 200, "{body}");
    };
    traces(&span("01", "The Pro plan costs $49 a month."));
    let evaluated = |count: u64| {
        monitor.wait_until("the evaluation", |monitor| {
            let windows = monitor.windows();
            (crate::support::total(&windows, "passed") + crate::support::total(&windows, "failed")
                == count)
                .then_some(windows)
        })
    };
    evaluated(1);
    let alerts = monitor.get("/api/v1/alerts");
    assert_eq!(alerts["alerts"].as_array().map(Vec::len), Some(0), "{alerts}");
    traces(&span("02", FEATURE));
    let windows = evaluated(2);
    let alerts = monitor.get("/api/v1/alerts");
    let alert = &alerts["alerts"][0];
    assert_eq!(
        (&alert["rule"], &alert["severity"], &alert["state"]),
        (&json!("invented"), &json!("high"), &json!("firing")),
        "{alerts}"
    );
    let title = alert["title"].as_str().unwrap();
    assert_eq!(title, "`grounded` found a hallucination: not supported: “has phone support”");
    // The windows carry the mean of the judge's scores: 1 and one claim of two.
    let means: Vec<&Value> = windows["overall"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|window| window["scores"].get("grounded"))
        .collect();
    assert!(!means.is_empty(), "{windows}");
    // Of the two answers of this hour one has a hallucination; both were judged, so the rate is known.
    let days = monitor.get("/api/v1/windows?resolution=day");
    let days = days["overall"].as_array().unwrap();
    if let [day] = &days[..] {
        let grounded = &day["scores"]["grounded"];
        let known = json!({
            "estimate": 0.5, "low": 0.5, "high": 0.5, "level": 0.95, "n": 2, "effective_n": 2.0,
            "method": "census",
        });
        assert_eq!(grounded["hallucination_rate"], known, "{grounded}");
        assert_eq!(grounded["p10"]["estimate"], 0.5, "{grounded}");
        assert_eq!(grounded["p90"]["estimate"], 1.0, "{grounded}");
    } else {
        // Midnight came between the two.
        let rate =
            |day: &Value| day["scores"]["grounded"]["hallucination_rate"]["estimate"].clone();
        assert_eq!(days.iter().map(rate).collect::<Vec<_>>(), [0.0, 1.0]);
    }
    drop(monitor.stop().expect_code(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_that_is_away_loses_nothing() {
    let silent = FakeModel::start(|_| Turn::refuses(503, "overloaded")).await;
    let scratch = files(
        MONITOR,
        &suite(&silent.address())
            .replace("model = \"judge-1\"", "model = \"judge-1\"\ncalls = { attempts = 1 }"),
    );
    let monitor = Monitor::start(&scratch);
    let mut sent = interaction("one", "What does Pro cost?", FEATURE);
    sent["context"] = json!([{"text": CONTEXT}]);
    monitor.send(&sent);
    monitor.wait_until("two attempts", |_| (silent.requests().len() > 1).then_some(()));
    let stored = monitor.get("/api/v1/interactions/one");
    assert!(stored["evaluation"].is_null(), "{stored}");
    assert_eq!(crate::support::total(&monitor.windows(), "waiting"), 1);
    drop(monitor.stop().expect_code(0));
}

#[test]
fn the_file_is_checked_with_its_judges() {
    let scratch = files(&format!("{MONITOR}{ALARM}"), &suite("http://127.0.0.1:1"));
    let checked = program(&scratch, "check-config").run();
    let told = format!("{}{}", checked.stdout, checked.stderr);
    assert!(told.contains("grounded finds a hallucination; over after 60m"), "{told}");
    assert!(told.contains("`right` is left out: its judge sees an expected output"), "{told}");
    let none = "[metrics.rules.constraints]\ntone = { excludes_any = [\"stupid\"] }\n";
    let (head, _) = suite("http://127.0.0.1:1")
        .split_once("[metrics")
        .map(|(head, rest)| (head.to_owned(), rest.to_owned()))
        .unwrap();
    scratch.file("suite.toml", &format!("{head}{none}"));
    let refused = program(&scratch, "check-config").run().expect_code(2);
    assert!(
        refused.stderr.contains("can never fire: it watches no hallucination"),
        "{}",
        refused.stderr
    );
}
