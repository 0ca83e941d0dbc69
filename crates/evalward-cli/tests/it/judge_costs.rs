//! What judges are asked for, and what it costs.

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

const OWN: &str = r#"[judge.absolute]
reasoning = "short"

[judge.absolute.criteria.quality]
question = "Is the answer right?"
anchors = { 1 = "It is wrong.", 2 = "In part.", 3 = "It is right." }
"#;

fn suite(judges: &str) -> Scratch {
    let scratch = Scratch::new();
    let examples = ["one", "two"]
        .map(|id| Example::new(id, Partition::Golden).with_input("question", "Capital of France?"));
    scratch.dataset(&examples).answers("answers.jsonl", &[("one", "Paris"), ("two", "Lyon")]);
    scratch.file("own.toml", OWN).file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"capitals\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
             [judges]\n{judges}\n[judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${{JUDGE_URL}}/v1\"\n\
             price = {{ input_per_million_usd = 1000.0, output_per_million_usd = 2000.0 }}\n\n\
             [metrics.quality.judge]\njudge = \"own.toml\"\nthreshold = 2\nsamples = 2\n"
        ),
    );
    scratch
}

/// A judge whose server tells the tokens and the model that this function returns, by the answer that is judged.
async fn judge(told: impl Fn(&str) -> Value + Send + Sync + 'static) -> FakeModel {
    // The whole conversation, since what is asked for again names neither the answer nor the code.
    FakeModel::answering(move |body| {
        let text = body["messages"].to_string();
        let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
        let verdict = json!({"reasoning": "So.", "score": 3});
        let says = json!({"code": after.split('.').next(), "criteria": {"quality": verdict}});
        let mut body = told(&text);
        if body["choices"].is_null() {
            body["choices"] =
                json!([{"message": {"content": says.to_string()}, "finish_reason": "stop"}]);
        }
        Turn::Raw(body.to_string())
    })
    .await
}

fn usual(_: &str) -> Value {
    json!({"model": "judge-1-2026", "system_fingerprint": "fp-1", "usage": {"prompt_tokens": 100, "completion_tokens": 10}})
}

fn table(output: &str) -> String {
    let (_, after) = output.split_once("calls of judges\n").expect("the report has the table");
    after.split("\n\n").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_a_judge_takes_stands_apart_and_the_cache_costs_nothing() {
    let scratch = suite("");
    let model = judge(usual).await;
    let run = |arguments: &str| {
        evalward(&scratch, arguments).env("JUDGE_URL", &model.address()).run().expect_code(0)
    };
    assert_snapshot!(table(run("run").clean_stdout()), @"
    metric   judge  version       answers  cached  tokens in  tokens out     cost
    ─────────────────────────────────────────────────────────────────────────────
    quality  own    34ec53a734b0        4       0        400          40  $0.4800
    apart from what the subject took; answers from the cache take nothing now
    quality: answered by judge-1-2026 (fp-1) 4 times
    ");
    assert_snapshot!(table(run("run").clean_stdout()), @"
    metric   judge  version       answers  cached  tokens in  tokens out  cost
    ──────────────────────────────────────────────────────────────────────────
    quality  own    34ec53a734b0        4       4          -           -     -
    apart from what the subject took; answers from the cache take nothing now
    quality: answered by judge-1-2026 (fp-1) 4 times
    ");
    let recorded = run("run --quiet --no-cache --record calls.jsonl --format json");
    let report: Value = serde_json::from_str(&recorded.stdout).unwrap();
    let cost = report["summary"]["judges"]["quality"]["cost_usd"].as_f64().unwrap();
    assert!((cost - 0.48).abs() < 1e-9, "{cost}");
    assert!(report["summary"]["partitions"]["golden"]["cost_usd"].is_null());
    let row = &report["examples"][0]["judge_calls"]["quality"];
    assert_eq!((&row["answers"], &row["input_tokens"]), (&json!(2), &json!(200)));
    // A replay tells what the recorded calls took, as it does for a subject.
    let replayed = evalward(&scratch, "run --quiet --replay calls.jsonl --format json").run();
    let replayed: Value = serde_json::from_str(&replayed.expect_code(0).stdout).unwrap();
    assert_eq!(replayed["summary"]["judges"], report["summary"]["judges"]);
    let markdown = run("report latest --format markdown").stdout;
    assert!(markdown.contains("calls of judges"), "{markdown}");
}

#[tokio::test]
async fn answers_of_no_use_probes_and_frozen_answers_count_too() {
    let scratch = suite("canaries = true\nprobes = 1\n");
    let model = judge(|text| {
        let mut told = usual(text);
        if text.contains("Lyon") {
            told["choices"] = json!([{"message": {"content": "Five!"}, "finish_reason": "stop"}]);
        }
        told
    })
    .await;
    let run = evalward(&scratch, "run --quiet --format json").env("JUDGE_URL", &model.address());
    let report: Value = serde_json::from_str(&run.run().expect_code(3).stdout).unwrap();
    let summary = &report["summary"];
    let [of_rows, of_canaries] =
        ["judges", "canary_calls"].map(|it| summary[it]["quality"]["answers"].as_u64().unwrap());
    assert_eq!(of_canaries, 40);
    assert_eq!(of_rows + of_canaries, u64::try_from(model.requests().len()).unwrap());
    // Two samples, each asked for twice.
    assert_eq!(report["examples"][1]["outcome"], "errored");
    assert!(report["examples"][1]["judge_calls"]["quality"]["answers"].as_u64().unwrap() >= 4);
}

#[tokio::test]
async fn several_models_under_one_name_are_told() {
    let scratch = suite("");
    let model = judge(|text| {
        let fingerprint = if text.contains("Lyon") { "fp-2" } else { "fp-1" };
        json!({"model": "judge-1-2026", "system_fingerprint": fingerprint, "usage": {"prompt_tokens": 10, "completion_tokens": 1, "cost": -4.0}})
    })
    .await;
    let run = evalward(&scratch, "run").env("JUDGE_URL", &model.address()).run().expect_code(0);
    assert_snapshot!(table(run.clean_stdout()), @"
    metric   judge  version       answers  cached  tokens in  tokens out     cost
    ─────────────────────────────────────────────────────────────────────────────
    quality  own    34ec53a734b0        4       0         40           4  $0.0480
    apart from what the subject took; answers from the cache take nothing now
    quality: answered by judge-1-2026 (fp-1) 2 times, judge-1-2026 (fp-2) 2 times
    ");
    let warning = "the judge of `quality` was answered by 2 models or versions of one";
    assert!(run.stdout.contains(warning), "{}", run.stdout);
}

#[test]
fn a_negative_price_enters_no_sum() {
    let scratch = suite("");
    let rows = ["one", "two"].map(|id| {
        let cost = if id == "one" { -5.0 } else { 0.25 };
        let response = json!({"output": "Paris", "usage": {"cost_usd": cost}});
        format!("{}\n", json!({"example_id": id, "response": response}))
    });
    scratch.file("answers.jsonl", &rows.concat());
    scratch.file(
        "evalward.toml",
        "[suite]\nname = \"capitals\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n[metrics.short.constraints]\nlength = { words = { max = 8 } }\n",
    );
    let run = evalward(&scratch, "run --quiet --format json").run().expect_code(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["partitions"]["golden"]["cost_usd"], 0.25);
    assert!(report["examples"][0]["cost_usd"].is_null());
    // What the application said of itself stays as it is.
    assert_eq!(report["examples"][0]["response"]["usage"]["cost_usd"], -5.0);
}
