//! Baselines: setting and showing them, and gates that compare with one.

use std::fs;

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{evalward, example, recorded_with};

const BAR: &str = "[gates.distribution]\nno_worse_than = { baseline = \"baselines/capitals.json\", margin = 0.1 }\n";

fn examples(count: usize) -> Vec<Example> {
    (1..=count)
        .map(|number| {
            let question = format!("What is the name of capital number {number}{number}?");
            let id = format!("c-{number:03}");
            example(&id, Partition::Distribution, &question, &format!("City{number}"))
        })
        .collect()
}

/// Answers of which the first ones are wrong.
fn answer(scratch: &Scratch, count: usize, wrong: usize) {
    let answers: Vec<(String, String)> = (1..=count)
        .map(|number| {
            let city = if number <= wrong { "Nowhere".to_owned() } else { format!("City{number}") };
            (format!("c-{number:03}"), format!("It is {city}."))
        })
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    scratch.answers("answers.jsonl", &answers);
}

/// A suite over distribution examples alone.
fn distribution(count: usize, tables: &str) -> Scratch {
    let scratch = recorded_with(&examples(count), &[], tables);
    fs::remove_file(scratch.path("dataset/golden.jsonl")).unwrap();
    fs::remove_file(scratch.path("dataset/reviews.jsonl")).unwrap();
    scratch
}

/// A suite whose only gate compares with a baseline, and answers of which some are wrong.
fn suite(count: usize, wrong: usize) -> Scratch {
    let scratch = distribution(count, BAR);
    answer(&scratch, count, wrong);
    scratch
}

/// A suite with a first baseline.
fn with_baseline(count: usize, wrong: usize) -> Scratch {
    let scratch = suite(count, wrong);
    ends_with(3, &scratch, "run");
    ends_with(0, &scratch, "baseline set latest --initial");
    scratch
}

/// Runs a command whose exit code alone matters.
fn ends_with(code: i32, scratch: &Scratch, arguments: &str) {
    drop(evalward(scratch, arguments).run().expect_code(code));
}

/// Returns the gates and the advice of the run.
fn verdict(scratch: &Scratch, arguments: &str, code: i32) -> String {
    let run = evalward(scratch, arguments).run().expect_code(code);
    let text = run.clean_stdout();
    let (_, gates) = text.split_once("gates\n").expect("a report has gates");
    format!("gates\n{gates}")
}

#[test]
fn the_first_run_is_no_pass_and_makes_the_baseline() {
    let scratch = suite(40, 2);
    assert_snapshot!(verdict(&scratch, "run", 3), @"
    gates
      ! skipped       distribution  not compared: there is no baseline `baselines/capitals.json` yet

    Nothing is decided: the gate of distribution has no baseline yet. Set the first one: `evalward baseline set RUN --initial`. (exit 3)
    ");
    let run = evalward(&scratch, "baseline set latest").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: a gate of run `[run]` was skipped, because there was no baseline
      hint: add `--initial` to set the first one
    ");
    let run = evalward(&scratch, "baseline set latest --initial").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    run [run] is the baseline now: baselines/capitals.json
    commit the file, so that every machine has the same bar
    ");
    let text = scratch.read("baselines/capitals.json");
    let line = text.lines().find(|line| line.contains("c-001")).unwrap();
    assert_snapshot!(line, @r#"      "c-001": {"partition":"distribution","hash":"8549247df9b10e8fe5700c2aac461eba545ab9f74d9bbd0c00909bd998a9d91f","passed":0,"failed":1,"metrics":{"right":{"n":1,"mean":0.0},"short":{"n":1,"mean":1.0}},"output_length":{"n":1,"mean":14.0}},"#);
    let run = evalward(&scratch, "baseline set latest --initial").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: there is a baseline in `baselines/capitals.json` already
      hint: leave out `--initial` to replace it
    ");
}

#[test]
fn another_gate_holds_and_the_one_without_a_baseline_is_told() {
    let scratch = suite(60, 0);
    let rate = "run --set gates.distribution.pass_rate=0.9";
    assert_snapshot!(verdict(&scratch, rate, 0), @"
    gates
      ✓ holds         distribution  60 of 60 passed, 95 % interval 94 % to 100 %, must reach 90 %
      ! skipped       distribution  not compared: there is no baseline `baselines/capitals.json` yet

    No gate failed, but distribution was not compared: there is no baseline yet. Set the first one: `evalward baseline set RUN --initial`. (exit 0)
    ");
    let run = evalward(&scratch, rate).run().expect_code(0);
    assert!(run.clean_stderr().contains("warning: there is no baseline"), "{}", run.clean_stderr());
}

#[test]
fn the_same_answers_hold_and_a_drop_is_blocked() {
    let scratch = with_baseline(60, 2);
    assert_snapshot!(verdict(&scratch, "run", 0), @"
    gates
      ✓ holds         distribution  pass rate 0.967 against 0.967 in run `[run]` (60 pairs), 90 % interval of the difference -0.043 to +0.043, must lie above -0.1

    All gates hold. (exit 0)
    ");
    answer(&scratch, 60, 14);
    assert_snapshot!(verdict(&scratch, "run", 1), @"
    gates
      ✗ failed        distribution  pass rate 0.767 against 0.967 in run `[run]` (60 pairs), 90 % interval of the difference -0.297 to -0.129, must lie above -0.1: worse by more than that

    Blocked by distribution: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
    let run = evalward(&scratch, "baseline set latest").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: a gate of run `[run]` did not hold: distribution: pass rate 0.767 against 0.967 in run `[run]` (60 pairs), 90 % interval of the difference -0.297 to -0.129, must lie above -0.1: worse by more than that
      hint: a baseline comes only from a run whose gates held, so that no loss that was found becomes the bar
    ");
}

#[test]
fn few_examples_are_inconclusive_with_the_number_it_would_take() {
    let scratch = with_baseline(12, 2);
    answer(&scratch, 12, 3);
    assert_snapshot!(verdict(&scratch, "run", 4), @r#"
    gates
      ? inconclusive  distribution  pass rate 0.75 against 0.833 in run `[run]` (12 pairs), 90 % interval of the difference -0.301 to +0.116, must lie above -0.1: too few examples to tell; it would take 87

    Inconclusive for distribution: add examples, or set `on_inconclusive = "warn"` where a warning is enough. (exit 4)
    "#);
    let warn = "run --set gates.distribution.on_inconclusive=warn";
    assert_snapshot!(verdict(&scratch, warn, 0), @"
    gates
      ? warning       distribution  pass rate 0.75 against 0.833 in run `[run]` (12 pairs), 90 % interval of the difference -0.301 to +0.116, must lie above -0.1: too few examples to tell; it would take 87

    No gate failed, but distribution is inconclusive: add examples to know. (exit 0)
    ");
}

#[test]
fn a_better_run_takes_the_place_and_says_what_changed() {
    let scratch = with_baseline(60, 5);
    answer(&scratch, 60, 1);
    ends_with(0, &scratch, "run");
    let run = evalward(&scratch, "baseline set latest").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    run [run] takes the place of run [run] in baselines/capitals.json
      of 60 examples in both, 4 pass now that did not, 0 no longer pass
    commit the file, so that every machine has the same bar
    ");
    let run = evalward(&scratch, "baseline show baselines/capitals.json").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    suite     capitals
    run       [run] of [time] (its gates held)
    set       [time]
    subject   recorded answers.jsonl
    dataset   capitals 57ce8bc47259

    distribution  60 examples, 98.3 % passed of 60 evaluated

    metric checks        checks          gates     version 736e817c64d5
    metric right         contains        gates     version 5a2626960e01
    metric short         constraints     gates     version 5ff25b356e4a
    ");
    let run = evalward(&scratch, "baseline export baselines/capitals.json").run().expect_code(0);
    assert_snapshot!(run.clean_stdout().lines().next().unwrap(), @r#"{"errored":0,"example_id":"c-001","failed":1,"metrics":{"right":0.0,"short":1.0},"partition":"distribution","passed":0,"skipped":0}"#);
}

#[test]
fn the_verdict_of_a_run_stays_when_its_baseline_changes() {
    let scratch = with_baseline(60, 2);
    ends_with(0, &scratch, "run");
    let before = verdict(&scratch, "report latest", 0);
    scratch.file("baselines/capitals.json", "{}");
    assert_eq!(verdict(&scratch, "report latest", 0), before);
    let folder = scratch.runs().pop().expect("there are runs");
    for entry in fs::read_dir(folder.join("baselines")).unwrap() {
        fs::write(entry.unwrap().path(), "{}").unwrap();
    }
    let run = evalward(&scratch, "report latest").run().expect_code(2);
    assert!(run.clean_stderr().contains("is not the baseline that run"), "{}", run.clean_stderr());
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_is_called() {
    let scratch = with_baseline(40, 2);
    let refused = |arguments: &str| {
        evalward(&scratch, arguments).run().expect_code(2).clean_stderr().to_owned()
    };
    assert_snapshot!(refused("run --set metrics.right.contains.case_sensitive=true"), @"
    error: baseline `baselines/capitals.json` cannot be compared with: its scores mean something else: metric `right` has another version
      hint: move the file away, score the baseline's answers as they are measured today, and make that run the baseline: `evalward rescore [run]`, then `evalward baseline set latest --initial`
    ");
    assert_snapshot!(refused("run --set suite.name=towns"), @"
    error: baseline `baselines/capitals.json` cannot be compared with: it is of suite `capitals`, not `towns`
      hint: name a file of this suite in `no_worse_than.baseline`
    ");
    let mut changed = examples(40);
    for example in changed.iter_mut().take(10) {
        example.expected_output = Some("City".to_owned());
    }
    scratch.dataset(&changed);
    assert_snapshot!(refused("run"), @"
    error: baseline `baselines/capitals.json` cannot be compared with: only 30 of 40 examples of partition `distribution` are in it with the same content, fewer than 80 %
      hint: move the file away, run the suite with the baseline's subject as it is measured today, and make that run the baseline: `evalward baseline set latest --initial`
    ");
    scratch.file("baselines/capitals.json", "{\"format\": 7}");
    assert_snapshot!(refused("run"), @"
    error: baseline `baselines/capitals.json`: the baseline has format 7; this version of evalward reads format 1
      hint: `evalward baseline set` writes such files; restore it from version control
    ");
    scratch.file("baselines/capitals.json", "[gates]");
    assert_snapshot!(refused("run"), @"
    error: baseline `baselines/capitals.json`: the file is no baseline: expected value at line 1 column 2
      hint: `evalward baseline set` writes such files; restore it from version control
    ");
}

#[test]
fn hand_picked_examples_make_no_baseline() {
    let scratch = suite(40, 2);
    ends_with(0, &scratch, "run --id c-040");
    let run = evalward(&scratch, "baseline set latest --initial").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: run `[run]` evaluated a part of the examples, which is no bar for the others
      hint: run the suite without `--id`, `--tag`, `--only-failed`, `--sample` and `--shard`
    ");
}

#[test]
fn a_baseline_that_was_edited_is_refused() {
    let scratch = with_baseline(40, 2);
    let text = scratch.read("baselines/capitals.json");
    let refused = |text: &str| {
        scratch.file("baselines/capitals.json", text);
        evalward(&scratch, "run").run().expect_code(2).clean_stderr().to_owned()
    };
    assert_snapshot!(refused(&text.replace("\"mean\":1.0", "\"mean\":-9.0")), @"
    error: baseline `baselines/capitals.json`: the baseline contradicts itself: example `c-001` has a mean of `short` outside its scale
      hint: `evalward baseline set` writes such files; restore it from version control
    ");
    assert_snapshot!(refused(""), @"
    error: baseline `baselines/capitals.json`: the file is no baseline: EOF while parsing a value at line 1 column 0
      hint: `evalward baseline set` writes such files; restore it from version control
    ");
    let cut_off = refused(text.split_at(text.len() / 2).0);
    assert!(cut_off.contains("the file is no baseline: EOF while parsing"), "{cut_off}");
    let (head, _) = text.split_once("\"examples\": {").unwrap();
    assert_snapshot!(refused(&format!("{head}\"examples\": {{}}\n  }}\n}}\n")), @"
    error: baseline `baselines/capitals.json` cannot be compared with: it has no example of partition `distribution`
      hint: move the file away, run the suite with the baseline's subject as it is measured today, and make that run the baseline: `evalward baseline set latest --initial`
    ");
}

#[test]
fn scores_of_a_metric_are_compared_in_their_own_units() {
    let scratch = distribution(
        40,
        "[metrics.words.token_f1]\n\n[gates.distribution]\nno_worse_than = { baseline = \"b.json\", margin = 0.2, metric = \"words\" }\n",
    );
    answer(&scratch, 40, 2);
    ends_with(3, &scratch, "run");
    ends_with(0, &scratch, "baseline set latest --initial");
    answer(&scratch, 40, 3);
    assert_snapshot!(verdict(&scratch, "run", 0), @"
    gates
      ✓ holds         distribution  `words` 0.463 against 0.475 in run `[run]` (40 pairs), 90 % interval of the difference -0.07 to +0.047, must lie above -0.2

    All gates hold. (exit 0)
    ");
}
