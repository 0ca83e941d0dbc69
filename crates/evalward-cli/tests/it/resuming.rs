//! Runs that were cut short and gone on with.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;

use crate::support::{evalward, example, openai, suite};

/// A suite of twelve examples over a model that answers the first `ready` of them, and the others once it is woken.
async fn sleepy(ready: usize, asleep: Turn) -> (Scratch, FakeModel, Arc<AtomicBool>) {
    let awake = Arc::new(AtomicBool::new(false));
    let is_awake = Arc::clone(&awake);
    let model = FakeModel::start(move |question| {
        let number: usize =
            question.trim_start_matches("Question ").trim_end_matches('?').parse().unwrap();
        if number < ready || is_awake.load(Ordering::Relaxed) {
            Turn::says("yes")
        } else {
            asleep.clone()
        }
    })
    .await;
    let scratch = suite(&openai(&model.address()));
    scratch.dataset(&numbered(12));
    (scratch, model, awake)
}

/// So many examples, each with its number in its question.
fn numbered(count: u32) -> Vec<Example> {
    let number = |index| {
        let (id, question) = (format!("e-{index:02}"), format!("Question {index}?"));
        example(&id, Partition::Golden, &question, "yes")
    };
    (0..count).map(number).collect()
}

/// Kills a run when so many rows are written and the calls after them are under way.
async fn killed(scratch: &Scratch, model: &FakeModel, rows: usize) {
    // What is evaluated again is to be asked again.
    let run = evalward(scratch, "run --no-cache").start();
    let under_way = async {
        loop {
            let journals = scratch.runs().into_iter().map(|run| run.join("journal.jsonl"));
            let text: String = journals.filter_map(|path| fs::read_to_string(path).ok()).collect();
            if model.requests().len() == rows + 5 && text.lines().count() == rows {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), under_way).await.unwrap();
    run.kill();
    assert_eq!(run.wait().code, None);
}

fn outcomes(scratch: &Scratch) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    scratch.rows().iter().map(|row| (text(&row["example_id"]), text(&row["outcome"]))).collect()
}

fn all_passed() -> Vec<(String, String)> {
    (0..12).map(|number| (format!("e-{number:02}"), "passed".to_owned())).collect()
}

#[tokio::test]
async fn a_killed_run_goes_on_where_it_was_and_repeats_only_calls_that_were_under_way() {
    let (scratch, model, awake) = sleepy(4, Turn::Hangs).await;
    killed(&scratch, &model, 4).await;
    awake.store(true, Ordering::Relaxed);
    let run = evalward(&scratch, "run --resume").run().expect_code(0);
    assert_snapshot!(run.clean_stderr(), @"
    warning: the dataset has 7 warnings: `evalward dataset check dataset`
    going on with run `[run]`: 4 trials are done
    5/12 evaluated: 5 passed, 0 failed
    6/12 evaluated: 6 passed, 0 failed
    8/12 evaluated: 8 passed, 0 failed
    9/12 evaluated: 9 passed, 0 failed
    10/12 evaluated: 10 passed, 0 failed
    11/12 evaluated: 11 passed, 0 failed
    12/12 evaluated: 12 passed, 0 failed
    The run is kept in .evalward/runs/[run]; `evalward report .evalward/runs/[run]` shows it again.
    ");
    assert_eq!(outcomes(&scratch), all_passed());
    assert_eq!(model.requests().len(), 9 + 8, "five calls were under way");
    let again = evalward(&scratch, "run --resume").run().expect_code(2);
    assert_snapshot!(again.clean_stderr(), @"
    error: no run of suite `capitals` was cut short
      hint: run it without `--resume`
    ");
}

#[tokio::test]
async fn lines_that_are_not_what_was_written_are_evaluated_again() {
    let (scratch, model, awake) = sleepy(4, Turn::Hangs).await;
    killed(&scratch, &model, 4).await;
    let journal = scratch.only_run().join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("\"passed\"", "\"failed\"");
    let (head, _) = lines[3].split_at(lines[3].len() / 2);
    fs::write(&journal, format!("{}\n{}\n{}\n{head}", lines[0], lines[1], lines[2])).unwrap();
    awake.store(true, Ordering::Relaxed);
    let run = evalward(&scratch, "run --resume").run().expect_code(0);
    assert!(run.stderr.contains("2 lines of the journal were not"), "{}", run.stderr);
    assert!(run.stderr.contains("2 trials are done"), "{}", run.stderr);
    assert_eq!(outcomes(&scratch), all_passed());
    assert_eq!(model.requests().len(), 9 + 10);
}

#[tokio::test]
async fn what_errored_or_was_interrupted_is_evaluated_again_and_the_rest_is_not() {
    let (scratch, model, awake) = sleepy(4, Turn::refuses(404, "no such model")).await;
    drop(evalward(&scratch, "run").run().expect_code(3));
    let asked = model.requests().len();
    awake.store(true, Ordering::Relaxed);
    let run = scratch.only_run();
    let id = run.file_name().unwrap().to_str().unwrap();
    drop(evalward(&scratch, &format!("run --resume={id}")).run().expect_code(0));
    assert_eq!(outcomes(&scratch), all_passed());
    assert_eq!(model.requests().len(), asked + 8);
    assert!(!run.join("journal.jsonl").exists());
    drop(evalward(&scratch, &format!("report {id}")).run().expect_code(0));
}

#[tokio::test]
async fn a_run_of_something_else_is_not_gone_on_with() {
    let (scratch, model, awake) = sleepy(4, Turn::Hangs).await;
    killed(&scratch, &model, 4).await;
    awake.store(true, Ordering::Relaxed);
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace("max = 8", "max = 9"));
    scratch.file("prompt.j2", "Please: {{ input.question }}");
    scratch.dataset(&numbered(13));
    let run = evalward(&scratch, "run --resume --repeats 2").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: run `[run]` cannot be resumed, because something has changed since:
      - the dataset
      - the number of repeats
      - the subject: its prompt, model or settings
      - metric `short`, or its judge
      hint: take the change back, or run the suite anew, without `--resume`
    ");
    assert_eq!(model.requests().len(), 9, "nothing was called");
}

#[tokio::test]
async fn a_run_that_was_cut_short_is_offered() {
    let (scratch, model, awake) = sleepy(4, Turn::Hangs).await;
    killed(&scratch, &model, 4).await;
    awake.store(true, Ordering::Relaxed);
    let run = evalward(&scratch, "run").run().expect_code(0);
    assert_snapshot!(run.clean_stderr(), @"
    warning: the dataset has 7 warnings: `evalward dataset check dataset`
    run `[run]` of this suite was cut short with 4 of 12 done; `--resume` in place of this run would go on with it
    2/12 evaluated: 2 passed, 0 failed
    3/12 evaluated: 3 passed, 0 failed
    4/12 evaluated: 4 passed, 0 failed
    5/12 evaluated: 5 passed, 0 failed
    6/12 evaluated: 6 passed, 0 failed
    8/12 evaluated: 8 passed, 0 failed
    9/12 evaluated: 9 passed, 0 failed
    10/12 evaluated: 10 passed, 0 failed
    11/12 evaluated: 11 passed, 0 failed
    12/12 evaluated: 12 passed, 0 failed
    The run is kept in .evalward/runs/[run]; `evalward report .evalward/runs/[run]` shows it again.
    ");
    let run = evalward(&scratch, "run").run().expect_code(0);
    assert!(!run.stderr.contains("--resume"), "a later run was complete: {}", run.stderr);
}

#[tokio::test]
async fn a_run_that_goes_on_is_left_alone() {
    let (scratch, model, _) = sleepy(4, Turn::Hangs).await;
    let run = evalward(&scratch, "run").start();
    let started = async {
        while model.requests().len() < 9 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), started).await.unwrap();
    let id = scratch.only_run().file_name().unwrap().to_str().unwrap().to_owned();
    let second = evalward(&scratch, &format!("run --resume={id}")).run().expect_code(2);
    assert!(second.stderr.contains("goes on in another process"), "{}", second.stderr);
    run.kill();
    run.wait();
}
