//! Calibrating a judge's file, and labels that tell how their answers were drawn.

use std::fmt::Write as _;

use evalward_core::Digest;
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::judge_calibrations::{grade, grader, judged, labels};
use crate::support::evalward;

fn other_judge(scratch: &Scratch, address: &str) {
    let own = scratch.read("own.toml").replace("It helps.", "It helps somewhat.");
    let model = format!(
        "[model.openai]\nmodel = \"judge-2\"\nbase_url = \"{address}/v1\"\ncalls = {{ attempts = 1 }}\n\n"
    );
    scratch.file("other.toml", &(model + &own));
}

#[tokio::test]
async fn a_judges_file_is_calibrated_without_a_suite() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(40, 1, |item, _| grade(item)));
    let model = grader(|grade, _| grade).await;
    other_judge(&scratch, &model.address());
    let calibrate = "judge calibrate --judge other.toml --labels labels.jsonl --positive-from 3";
    let run = evalward(&scratch, &format!("{calibrate} --format json")).run().expect_code(0);
    let record: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(record["metric"], "other");
    assert_eq!(record["judge"]["verdict"], "calibrated");
    assert_eq!(model.requests()[0]["model"], "judge-2");
    let asked = model.requests().len();
    drop(evalward(&scratch, &format!("{calibrate} --record calls.jsonl")).run().expect_code(0));
    drop(evalward(&scratch, &format!("{calibrate} --replay calls.jsonl")).run().expect_code(0));
    assert_eq!(model.requests().len(), asked);
    let refused = |arguments: &str| {
        evalward(&scratch, arguments).run().expect_code(2).clean_stderr().to_owned()
    };
    assert_snapshot!(refused(&format!("{calibrate} --run latest")), @"
    error: `--run` goes with a suite
      hint: name the suite before the options
    ");
    assert_snapshot!(refused("judge calibrate --judge own.toml --labels labels.jsonl --positive-from 3"), @"
     × judge `own` has no model
     help: name a suite with `[judges.model.openai]`, or add `[model.openai]` to the judge's file
    ");
    let pairs = "judge calibrate --judge preference --labels labels.jsonl --positive-from 3";
    assert!(refused(pairs).contains("has no model"));
}

#[tokio::test]
async fn another_judge_is_asked_about_the_labelled_answers_of_a_run() {
    let scratch = judged("");
    let model = grader(|grade, _| grade).await;
    let address = model.address();
    drop(evalward(&scratch, "run --quiet").env("JUDGE_URL", &address).run().expect_code(0));
    other_judge(&scratch, &address);
    let answers = [(4, "It is grade-4, item-900."), (5, "It is grade-5, item-901.")];
    let lines = answers.map(|(grade, output)| {
        let hash = Digest::of(output.as_bytes()).to_string();
        json!({"id": format!("example-{grade}"), "label": grade, "output_hash": hash}).to_string()
    });
    scratch.file("labels.jsonl", &(lines.join("\n") + "\n"));
    let before = model.requests().len();
    let calibrate = "judge calibrate evalward.toml --judge other.toml --labels labels.jsonl --positive-from 5 --format json";
    let own = evalward(&scratch, &format!("{calibrate} --run latest")).env("JUDGE_URL", &address);
    // Two labels are too few to calibrate, but both answers have a score of the other judge.
    let record: Value = serde_json::from_str(&own.run().expect_code(4).stdout).unwrap();
    assert_eq!(record["figures"]["counts"]["scored"], 2);
    let asked = &model.requests()[before..];
    assert_eq!(asked.len(), 2);
    assert!(asked[0].to_string().contains("It helps somewhat."), "{}", asked[0]);
    let write = format!("{calibrate} --write");
    let refused = evalward(&scratch, &write).env("JUDGE_URL", &address).run().expect_code(2);
    assert!(refused.stderr.contains("cannot be used with"), "{}", refused.stderr);

    let hash = Digest::of(b"Something else.").to_string();
    let other = json!({"id": "example-5", "label": 5, "output_hash": hash});
    scratch.file("labels.jsonl", &format!("{}\n{other}\n", lines[0]));
    for command in [
        "judge calibrate evalward.toml --labels labels.jsonl --positive-from 5 --run latest",
        "metric calibrate evalward.toml --metric helpful --labels labels.jsonl --positive-from 5 --run latest",
    ] {
        let run = evalward(&scratch, command).env("JUDGE_URL", &address).run().expect_code(2);
        let told = "1 of 2 labelled answers are others in the run than were labelled, the first `example-5` at labels.jsonl:2:1";
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

/// Labels of answers of which the bad ones were ten times as likely to be drawn.
fn drawn(knows: impl Fn(usize) -> bool) -> String {
    let mut lines = String::new();
    for item in 0..60 {
        let mut line = json!({
            "input": {"question": format!("Question {item}")},
            "output": format!("It is grade-{}, item-{item:03}.", grade(item)),
            "label": grade(item),
        });
        if knows(item) {
            line["probability"] = json!(if grade(item) < 3 { 1.0 } else { 0.1 });
        }
        writeln!(lines, "{line}").unwrap();
    }
    lines
}

#[tokio::test]
async fn shares_weigh_labels_by_how_their_answers_were_drawn() {
    let scratch = judged("");
    // It takes each bad answer for a good one, and errs nowhere else.
    let model = grader(|grade, _| grade.max(3)).await;
    let mut found = Vec::new();
    for knows in [|_: usize| true, |item: usize| item < 30, |_: usize| false] {
        scratch.file("labels.jsonl", &drawn(knows));
        let calibrate = "judge calibrate evalward.toml --labels labels.jsonl --positive-from 3";
        let run = |more: &str| {
            evalward(&scratch, &format!("{calibrate}{more}"))
                .env("JUDGE_URL", &model.address())
                .run()
                .expect_code(4)
                .stdout
        };
        let record: Value = serde_json::from_str(&run(" --format json")).unwrap();
        let text = run("");
        let note =
            text.lines().filter(|line| line.contains("probability") || line.contains("likely"));
        found.push((record, note.collect::<Vec<_>>().join("\n")));
    }
    let bad = f64::from(u32::try_from((0..60).filter(|item| grade(*item) < 3).count()).unwrap());
    let good = 60.0 - bad;
    let value = |place: usize, figure: &str| {
        found[place].0["judge"]["agreement"][figure]["value"].as_f64().unwrap()
    };
    let close = |one: f64, other: f64| assert!((one - other).abs() < 1e-9, "{one} {other}");
    close(value(0, "accuracy"), good * 10.0 / (good * 10.0 + bad));
    for place in [1, 2] {
        close(value(place, "accuracy"), good / 60.0);
        assert_eq!(found[place].0["figures"].get("weighted"), None);
    }
    assert!(value(0, "bias") < value(2, "bias") && value(0, "bias") > 0.0);
    // Ranks do not know of it.
    close(value(0, "auc"), value(2, "auc"));
    assert_eq!(found[0].0["figures"]["weighted"], true);
    let method = &found[0].0["judge"]["agreement"]["accuracy"]["method"];
    assert_eq!(method, "clopper-pearson, weighted");
    assert_snapshot!(found[0].1, @"shares, F1 and bias weigh each label by one over the probability with which its answer was drawn; ranks, AUC,");
    assert_snapshot!(found[1].1, @"30 of 60 labels tell how likely their answers were drawn; unless all do, nothing is weighted by it");
    assert_eq!(found[2].1, "");
}
