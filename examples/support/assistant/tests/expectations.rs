//! The suite's expectations tell right answers from wrong ones: with those of other examples in their place, golden falls.

#![cfg(test)]

use std::path::Path;

use evalward::core::{Example, Finite, Partition, SuiteMetric};
use evalward::dataset::Dataset;
use evalward::metrics::{ExampleChecks, TokenF1};
use evalward::models::Tape;
use evalward::models::program::ProgramOptions;
use evalward::subject::{CommandOptions, CommandSubject};

fn golden() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../datasets/support");
    let dataset = Dataset::open(folder).unwrap();
    dataset.examples(Partition::Golden).map(|example| example.unwrap().value).collect()
}

/// Returns how many of the examples fail with the live assistant.
async fn failures(examples: Vec<Example>) -> u64 {
    let program = ProgramOptions::new([env!("CARGO_BIN_EXE_support-assistant"), "json-lines"]);
    let options = CommandOptions { program, one_shot: false, tape: Tape::live() };
    let assistant = CommandSubject::new(options).unwrap();
    let overlap =
        SuiteMetric::new("overlap", TokenF1::default()).with_threshold(Finite::new(0.4).unwrap());
    let checks = SuiteMetric::new("checks", ExampleChecks);
    let evaluation = evalward::evaluate(examples, assistant, [overlap, checks]).await.unwrap();
    assert_eq!(evaluation.summary.counts.errored, 0);
    evaluation.summary.counts.failed
}

#[tokio::test]
async fn right_expectations_hold() {
    assert_eq!(failures(golden()).await, 0);
}

#[tokio::test]
async fn swapped_expectations_fail() {
    let examples = golden();
    let mut expected: Vec<_> =
        examples.iter().map(|example| example.expected_output.clone()).collect();
    expected.rotate_left(7);
    let swapped: Vec<Example> = examples
        .into_iter()
        .zip(expected)
        .map(|(example, expected_output)| Example { expected_output, ..example })
        .collect();
    let total = u64::try_from(swapped.len()).unwrap();
    let failed = failures(swapped).await;
    assert!(failed * 10 >= total * 9, "only {failed} of {total} fail with swapped expectations");
}
