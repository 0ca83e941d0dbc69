//! The example whose judge is a small real model, by its recording.

use std::fs;
use std::path::Path;

use evalward_testkit::{Invocation, Scratch};
use insta::assert_snapshot;

use crate::support::evalward;

/// Copies the example to a folder where runs may be written.
fn example() -> Scratch {
    let scratch = Scratch::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/judges");
    copy(&source, scratch.folder());
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn calibrate<'a>(scratch: &'a Scratch, metric: &str, labels: &str) -> Invocation<'a> {
    let arguments = format!(
        "judge calibrate evalward.toml --quiet --metric {metric} --labels labels/{labels} \
         --replay recordings/qwen2.5-coder-1.5b.jsonl.gz"
    );
    evalward(scratch, &arguments)
}

#[test]
fn a_real_judge_catches_a_wrong_price_and_an_invented_feature_and_not_the_truth() {
    let scratch = example();
    let run = evalward(&scratch, "run evalward.toml --quiet").run().expect_code(1);
    let (_, failures) = run.clean_stdout().split_once("golden: ").unwrap();
    assert_snapshot!(failures, @"");
}

#[test]
fn a_real_judge_is_measured_against_ratings_of_accuracy() {
    let scratch = example();
    let run = calibrate(&scratch, "accuracy", "dstc9_accuracy.jsonl --positive-from 4");
    assert_snapshot!(run.run().expect_code(4).stdout, @"");
}

#[test]
fn a_real_judge_is_measured_against_labels_of_attribution() {
    let scratch = example();
    let run = calibrate(&scratch, "grounded", "begin_wow.jsonl");
    assert_snapshot!(run.run().expect_code(4).stdout, @"");
}

#[test]
fn a_real_judge_is_measured_against_labels_of_claims() {
    let scratch = example();
    let run = calibrate(&scratch, "grounded", "claims.jsonl");
    assert_snapshot!(run.run().expect_code(4).stdout, @"");
}

#[test]
fn raters_who_do_not_agree_calibrate_nothing() {
    let scratch = example();
    let run = calibrate(&scratch, "accuracy", "dstc10_accuracy.jsonl --positive-from 4 --write");
    assert_snapshot!(run.run().expect_code(4).stdout, @"");
}

#[test]
fn a_gate_that_asks_for_a_calibration_decides_nothing_by_a_weak_judge() {
    let scratch = example();
    let run = evalward(&scratch, "run calibrated.toml --quiet").run().expect_code(3);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"");
}
