//! Runs that are ended from outside.

use std::time::Duration;

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Running, Scratch, Turn};

use crate::support::{evalward, example, openai, suite};

/// A suite of twelve examples over a model that answers two of them, and never the others.
async fn slow() -> (Scratch, FakeModel) {
    let model = FakeModel::start(|question| match question {
        "Question 0?" | "Question 1?" => Turn::says("yes"),
        _ => Turn::Hangs,
    })
    .await;
    let scratch = suite(&openai(&model.address()));
    let number = |index| {
        let (id, question) = (format!("e-{index:02}"), format!("Question {index}?"));
        example(&id, Partition::Golden, &question, "yes")
    };
    scratch.dataset(&(0..12).map(number).collect::<Vec<Example>>());
    (scratch, model)
}

/// Waits until the two answers are in the journal and the other calls are under way.
async fn under_way(scratch: &Scratch, model: &FakeModel) {
    loop {
        let journals = scratch.runs().into_iter().map(|run| run.join("journal.jsonl"));
        let text: String = journals.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
        if model.requests().len() == 7 && text.lines().count() == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn started<'a>(scratch: &'a Scratch, model: &FakeModel) -> Running<'a> {
    let run = evalward(scratch, "run").start();
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, under_way(scratch, model)).await.unwrap();
    run
}

#[tokio::test]
async fn ctrl_c_leaves_a_row_for_every_example() {
    let (scratch, model) = slow().await;
    let run = started(&scratch, &model).await;
    run.interrupt();
    let run = run.wait().expect_code(3);
    assert!(run.stderr.contains("interrupted"), "{}", run.stderr);
    let rows = scratch.rows();
    let outcomes: Vec<_> = rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, [&["passed"; 2][..], &["errored"; 10]].concat());
    assert_eq!(rows[11]["cause"], "not evaluated: the run was interrupted");
    assert_eq!(model.requests().len(), 7, "nothing more is called");
}

#[tokio::test]
async fn a_killed_run_keeps_what_was_finished_and_is_no_verdict() {
    let (scratch, model) = slow().await;
    let run = started(&scratch, &model).await;
    run.kill();
    assert_eq!(run.wait().code, None);
    let report = evalward(&scratch, "report --format json").run().expect_code(3);
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["summary"]["counts"]["passed"], 2);
    assert_eq!(report["summary"]["decision"], "incomplete");
}
