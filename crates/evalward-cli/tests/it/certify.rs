//! `evalward certify`: how often a gate errs.

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{evalward, example, golden, recorded_with, repeated};

/// Forty questions of the traffic beside the golden ones.
fn examples() -> Vec<Example> {
    let traffic = (0..40).map(|number| {
        let (id, question) = (format!("q{number:02}"), format!("What is {number} times {number}?"));
        example(&id, Partition::Distribution, &question, &(number * number).to_string())
    });
    golden().into_iter().chain(traffic).collect()
}

/// A suite with a rate gate, answered from a file.
fn folder() -> Scratch {
    recorded_with(&examples(), &[], "[gates.distribution]\npass_rate = 0.7\n")
}

/// Runs the suite with wrong answers to these questions.
fn run(scratch: &Scratch, wrong: &[&str]) {
    let answers: Vec<(String, String)> = examples()
        .iter()
        .map(|example| {
            let right = example.expected_output.clone().unwrap();
            let id = example.id.to_string();
            let answer = if wrong.contains(&id.as_str()) { "No idea.".to_owned() } else { right };
            (id, answer)
        })
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), answer.as_str())).collect();
    scratch.answers("answers.jsonl", &answers);
    drop(evalward(scratch, "run --quiet").run());
}

#[test]
fn two_runs_tell_how_often_the_gates_err() {
    let scratch = folder();
    run(&scratch, &["q01", "q02"]);
    run(&scratch, &["peru", "q02", "q03"]);
    let certified = evalward(&scratch, "certify --resamples 200").run().expect_code(0);
    assert_snapshot!(certified.clean_stdout(), @"
    capitals: 2 runs, 43 examples, at least 2 trials of each
    200 runs put together for each row, seed 0; in brackets 95 % intervals of the draws

                                                blocked          inconclusive  incomplete   holds
    a change that changes nothing   50.5 % [43.4, 57.6]      0.0 % [0.0, 1.8]       0.0 %  49.5 %
    a drop of 5 points              59.5 % [52.3, 66.4]      3.5 % [1.4, 7.1]       0.0 %  37.0 %
    a drop of 10 points             68.5 % [61.6, 74.9]     8.5 % [5.0, 13.3]       0.0 %  23.0 %

    blocked by which gate (a run may be blocked by several)
                                     golden  distribution
    a change that changes nothing    50.5 %         0.0 %
    a drop of 5 points               59.5 %         0.0 %
    a drop of 10 points              68.5 %         0.0 %

    3 examples did not come out the same each time:
      golden        peru  passed 1 of 2
      distribution  q01  passed 1 of 2
      distribution  q03  passed 1 of 2

    A change that changes nothing is blocked in 50.5 % [43.4, 57.6] of cases, always by golden.
    A drop of 5 points is caught in 59.5 % [52.3, 66.4] of cases; inconclusive in 3.5 %.
    A drop of 10 points is caught in 68.5 % [61.6, 74.9] of cases; inconclusive in 8.5 %.
    ");
    assert_snapshot!(certified.clean_stderr(), @"
    warning: these runs answered from a file, which says the same each time: their noise is none
    ");
}

#[test]
fn the_same_seed_gives_the_same_certificate_and_an_exact_gate_blocks_as_its_examples_flip() {
    let scratch = folder();
    run(&scratch, &[]);
    run(&scratch, &["peru"]);
    let certify = |seed: u32| {
        let arguments = format!("certify --resamples 100 --seed {seed} --drop 0.3 --format json");
        evalward(&scratch, &arguments).run().expect_code(0).stdout
    };
    assert_eq!(certify(7), certify(7));
    assert_ne!(certify(7), certify(8));
    let certificate: Value = serde_json::from_str(&certify(7)).unwrap();
    // One golden example fails every second time, and golden examples stay as they are.
    let blocked = &certificate["no_change"]["blocked"];
    assert!(blocked["low"].as_f64().unwrap() < 0.5 && 0.5 < blocked["high"].as_f64().unwrap());
    assert_eq!(certificate["unstable"][0]["example_id"], "peru");
    let gates = certificate["drops"][0]["shares"]["gates"].as_array().unwrap();
    let golden = gates.iter().find(|gate| gate["partition"] == "golden").unwrap();
    // Each of three examples falls with a probability of 0.36, and one fails every second time without that.
    assert!(golden["blocked"]["value"].as_f64().unwrap() > 0.7, "{golden}");
}

#[test]
fn one_run_without_repeats_knows_no_noise() {
    let scratch = folder();
    run(&scratch, &[]);
    let certified = evalward(&scratch, "certify").run().expect_code(4);
    assert_snapshot!(certified.clean_stdout(), @"
    Inconclusive: some example has 1 trial, and one trial knows no run-to-run noise: run the suite again without a change (not from a recording), or once with `--repeats 3`, and certify then. (exit 4)
    ");
    let json = evalward(&scratch, "certify --format json").run().expect_code(4);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["decision"], "inconclusive");
}

#[test]
fn gates_can_be_tried_out_on_stored_runs() {
    let scratch = folder();
    run(&scratch, &["q01", "q02"]);
    run(&scratch, &["q02", "q03"]);
    let blocked = |rate: &str| {
        let arguments = format!(
            "certify --resamples 100 --quiet --format json --set gates.distribution.pass_rate={rate}"
        );
        let certified = evalward(&scratch, &arguments).run().expect_code(0);
        let certificate: Value = serde_json::from_str(&certified.stdout).unwrap();
        let shares = &certificate["no_change"];
        let value = |name: &str| shares[name]["value"].as_f64().unwrap();
        (value("blocked"), value("inconclusive"))
    };
    let (loose, strict) = (blocked("0.5"), blocked("0.98"));
    assert!(loose.0 + loose.1 < 0.01, "{loose:?}");
    assert!(strict.0 + strict.1 > 0.9, "{strict:?}");
}

#[test]
fn runs_that_are_not_alike_are_refused() {
    let scratch = folder();
    run(&scratch, &[]);
    drop(evalward(&scratch, "run --quiet --partition golden").run().expect_code(0));
    let runs: Vec<String> = scratch
        .runs()
        .iter()
        .map(|run| run.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let arguments = format!("certify --run {} --run {}", runs[0], runs[1]);
    let refused = evalward(&scratch, &arguments).run().expect_code(2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: run `[run]` has another suite, dataset, subject or metric than the first
      hint: noise is what changes while nothing is changed: name runs that are alike
    ");
    let wrong = evalward(&scratch, "certify --drop 5").run().expect_code(2);
    assert_snapshot!(wrong.clean_stderr(), @"
    error: invalid value '5' for '--drop <SHARE>': a drop is a share above 0, at most 1, such as 0.05

    For more information, try '--help'.
    ");
}

#[test]
fn one_run_that_is_named_twice_was_seen_once() {
    let scratch = folder();
    run(&scratch, &[]);
    let refused = evalward(&scratch, "certify --run latest --run latest").run().expect_code(2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: run `[run]` is named twice
      hint: what was seen once knows no noise: name each run once
    ");
}

#[test]
fn a_comparison_with_a_baseline_of_the_same_subject_is_certified() {
    let gate = "[gates.distribution]\nno_worse_than = { baseline = \"base.json\", margin = 0.2 }\n";
    let scratch = recorded_with(&examples(), &[], gate);
    run(&scratch, &["q01", "q02"]);
    drop(evalward(&scratch, "baseline set latest --initial").run().expect_code(0));
    run(&scratch, &["q02", "q03"]);
    let arguments = "certify --resamples 200 --drop 0.4 --drop 0.99 --format json --quiet";
    let certified = evalward(&scratch, arguments).run().expect_code(0);
    let certificate: Value = serde_json::from_str(&certified.stdout).unwrap();
    let blocked = |shares: &Value| {
        let gates = shares["gates"].as_array().unwrap();
        let gate = gates.iter().find(|gate| gate["against_baseline"] == true).unwrap();
        gate["blocked"]["value"].as_f64().unwrap()
    };
    assert!(blocked(&certificate["no_change"]) < 0.1, "{certificate}");
    assert!(blocked(&certificate["drops"][0]["shares"]) > 0.9, "{certificate}");
    // More than all cannot be lost.
    assert_eq!(certificate["drops"][1]["beyond"], serde_json::json!(["distribution"]));
}

#[test]
fn a_run_is_certified_as_the_suite_makes_it_though_repeats_told_the_noise() {
    let scratch = repeated();
    let blocked = |more: &str| {
        let arguments = format!("certify --resamples 400 --format json {more}");
        let certified = evalward(&scratch, &arguments).run().expect_code(0);
        let certificate: Value = serde_json::from_str(&certified.stdout).unwrap();
        certificate["no_change"]["blocked"]["value"].as_f64().unwrap()
    };
    // One of three trials failed: of one trial a third fails, of three trials one in 70 % of runs.
    let (once, thrice) = (blocked(""), blocked("--set run.repeats=3"));
    assert!((once - 1.0 / 3.0).abs() < 0.1, "{once}");
    assert!((thrice - 19.0 / 27.0).abs() < 0.1, "{thrice}");
}
