//! Runs that end before their last example on purpose: by a budget, or at the first failure.

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;

use crate::support::{evalward, example, openai, recorded_with, suite};

/// Twelve examples over a model that answers each of them.
async fn twelve() -> (Scratch, FakeModel) {
    let model = FakeModel::start(|_| Turn::says("yes")).await;
    let scratch = suite(&openai(&model.address()));
    let number = |index| {
        let question = format!("What does line {index} of page {} say?", index * 37);
        example(&format!("e-{index:02}"), Partition::Golden, &question, "yes")
    };
    scratch.dataset(&(0..12).map(number).collect::<Vec<Example>>());
    (scratch, model)
}

#[tokio::test]
async fn a_run_stops_with_its_budget_and_goes_on_with_a_new_one() {
    let (scratch, model) = twelve().await;
    let run = evalward(&scratch, "run -j 1 --set budget.calls=5").run().expect_code(3);
    assert!(
        run.stderr.contains("stopped early: the budget of 5 calls (`budget.calls`) is used up"),
        "{}",
        run.stderr
    );
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      ! incomplete    golden        the run stopped with 7 examples still to evaluate

    Nothing is decided: the run stopped with 7 examples still to evaluate. `evalward run SUITE --resume` goes on with it. (exit 3)
    ");
    assert_eq!(model.requests().len(), 5);
    drop(evalward(&scratch, "run -j 1 --resume").run().expect_code(0));
    assert_eq!(model.requests().len(), 12);
    // The model takes fifteen tokens each time.
    let run = evalward(&scratch, "run -j 1 --no-cache --set budget.tokens=40").run().expect_code(3);
    assert!(run.stderr.contains("the budget of 40 tokens"), "{}", run.stderr);
    assert_eq!(model.requests().len(), 15);
    let wrong = evalward(&scratch, "run --set budget.total=0s").run().expect_code(2);
    assert!(wrong.stderr.contains("is not a duration"), "{}", wrong.stderr);
}

const GATES: &str = "[gates.golden]\npass_rate = 1.0\n\n[gates.distribution]\npass_rate = 0.5\n";

/// Ten examples of each of two partitions, of which these are answered wrong.
fn twenty(wrong: &[usize]) -> Scratch {
    let mut examples: Vec<Example> = Vec::new();
    let mut answers: Vec<(String, &str)> = Vec::new();
    for number in 0..20 {
        let partition = if number < 10 { Partition::Golden } else { Partition::Distribution };
        let id = format!("e-{number:02}");
        let question = format!("What does line {number} of page {} say?", number * 37);
        examples.push(example(&id, partition, &question, "yes"));
        answers.push((id, if wrong.contains(&number) { "no" } else { "yes" }));
    }
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), *answer)).collect();
    recorded_with(&examples, &answers, GATES)
}

#[test]
fn the_first_failure_of_what_must_pass_ends_a_run_with_its_verdict() {
    let scratch = twenty(&[2, 5]);
    let run = evalward(&scratch, "run -j 1 --fail-fast").run().expect_code(1);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      ✗ failed        golden        1 example failed, and all must pass; 7 were left out by `--fail-fast`
      ! incomplete    distribution  the run stopped with 10 examples still to evaluate

    Blocked by golden: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
}

#[test]
fn the_first_failure_of_a_rate_ends_a_run_without_a_verdict() {
    let scratch = twenty(&[12]);
    let run = evalward(&scratch, "run -j 1 --fail-fast").run().expect_code(3);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      ✓ holds         golden        all 10 examples passed
      ! incomplete    distribution  the run stopped with 7 examples still to evaluate

    Nothing is decided: the run stopped with 7 examples still to evaluate. `evalward run SUITE --resume` goes on with it. (exit 3)
    ");
}

#[test]
fn a_run_without_a_failure_is_as_ever() {
    let scratch = twenty(&[]);
    drop(evalward(&scratch, "run --fail-fast").run().expect_code(0));
}
