//! `--labels`: figures that people's labels correct.

use evalward_core::{Digest, Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stored_runs::{Grade, stored_run};
use crate::support::evalward;

const RUN: &str = "20261103-142207-000-00beef";

/// The text of an answer.
fn output(number: usize) -> String {
    format!("Answer {number}.")
}

/// A folder with a run of 200 answers whose judge gives 2 or 5.
fn judged() -> Scratch {
    let scratch = Scratch::new();
    let mut run = stored_run(RUN, "gpt-test");
    for number in 0..200 {
        let example = Example::new(&format!("q-{number:03}"), Partition::Distribution);
        let grade = if number % 5 == 0 { 2.0 } else { 5.0 };
        run.trial(&example, 1, Grade::Is(grade), &output(number));
    }
    run.write(&scratch);
    scratch
}

/// Labels of every fourth answer; people fail half of what the judge passes there.
fn label(number: usize) -> Value {
    let rating = if number.is_multiple_of(5) || number.is_multiple_of(8) { 2 } else { 4 };
    json!({
        "id": format!("q-{number:03}"),
        "label": rating,
        "output_hash": Digest::of(output(number).as_bytes()).to_string(),
        "probability": 0.25,
    })
}

fn labels(count: usize, line: impl Fn(usize) -> Value) -> String {
    (0..count).map(|it| line(it * 4).to_string() + "\n").collect()
}

#[test]
fn a_report_shows_corrected_figures_beside_the_judges() {
    let scratch = judged();
    scratch.file("labels.jsonl", &labels(50, label));
    let report = evalward(&scratch, "report latest --labels labels.jsonl").run();
    let text = report.clean_stdout();
    let (_, table) = text.split_once("corrected by labels").expect("there is a table");
    let (table, _) = table.split_once("\n\n").expect("more follows");
    assert_snapshot!(table, @"
    metric   partition     figure           judge alone             corrected     labels
    ────────────────────────────────────────────────────────────────────────────────────
    helpful  distribution  mean    4.400 [4.232, 4.568]  2.800 [2.537, 3.063]  50 of 200
    95 % intervals; the judge's own takes its word for the truth; corrected: prediction-powered inference
    ");
    let markdown =
        evalward(&scratch, "report latest --labels labels.jsonl --format markdown").run();
    assert!(
        markdown.stdout.contains("<summary>corrected by labels</summary>"),
        "{}",
        markdown.stdout
    );
    let json = evalward(&scratch, "report latest --labels labels.jsonl --format json").run();
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&json["summary"]["corrections"]).unwrap(), @r#"
    [
      {
        "answers": 200,
        "knows_probabilities": true,
        "labelled": 50,
        "mean": {
          "corrected": {
            "high": 3.0626002779817796,
            "level": 0.95,
            "low": 2.537399722018222,
            "method": "prediction-powered",
            "n": 50,
            "value": 2.8000000000000007
          },
          "raw": {
            "high": 4.567745951757591,
            "level": 0.95,
            "low": 4.232254048242409,
            "method": "t",
            "n": 200,
            "value": 4.4
          }
        },
        "metric": "helpful",
        "partition": "distribution"
      }
    ]
    "#);
    // Without labels nothing changes.
    let plain = evalward(&scratch, "report latest --format json").run();
    assert!(!plain.stdout.contains("corrections"), "{}", plain.stdout);
}

#[test]
fn labels_of_other_answers_are_refused() {
    let scratch = judged();
    let refused = |line: Value| {
        scratch.file("labels.jsonl", &(line.to_string() + "\n"));
        let run = evalward(&scratch, "report latest --labels labels.jsonl").run().expect_code(2);
        run.clean_stderr().to_owned()
    };
    let hash = Digest::of(b"Another answer.").to_string();
    assert_snapshot!(refused(json!({"id": "q-000", "label": 3, "output_hash": hash})), @"
    error: labels.jsonl:1:1: the label is of no answer of run `[run]`
      hint: labels correct the run whose answers people saw: `evalward label RUN` asks for new ones
    ");
    assert_snapshot!(refused(json!({"id": "q-900", "label": 3})), @"
    error: labels.jsonl:1:1: the label is of no answer of run `[run]`
      hint: labels correct the run whose answers people saw: `evalward label RUN` asks for new ones
    ");
    assert_snapshot!(refused(json!({"output": "Another answer.", "label": 3})), @"
    error: labels.jsonl:1:1: the label is of no answer of run `[run]`
      hint: labels correct the run whose answers people saw: `evalward label RUN` asks for new ones
    ");
    assert_snapshot!(refused(json!({"id": "q-000", "label": 9})), @"
    error: labels.jsonl:1:1: the rating 9 lies beside the scale of `helpful`, 1 to 5
      hint: name the metric that people rated: `--labels METRIC=FILE`
    ");
    assert_snapshot!(refused(json!({"id": "q-000", "label": 3, "probability": 0.0})), @"error: labels.jsonl:1:1: `probability` is 0, and what is never drawn has no label");
    scratch.file("labels.jsonl", &labels(1, label));
    let other = evalward(&scratch, "report latest --labels helpfull=labels.jsonl").run();
    assert!(other.expect_code(2).stderr.contains("did you mean"));
}

#[test]
fn an_answer_may_be_named_by_its_text() {
    let scratch = judged();
    scratch
        .file("labels.jsonl", &labels(30, |it| json!({"output": output(it), "label": it % 8 > 0})));
    let json = evalward(&scratch, "report latest --labels labels.jsonl --format json").run();
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let corrected = &json["summary"]["corrections"][0];
    assert_eq!(corrected["labelled"], 30);
    assert_eq!(corrected["knows_probabilities"], false);
    assert_eq!(corrected["mean"], Value::Null);
    assert!(corrected["rate"]["raw"].is_object(), "{corrected}");
}
