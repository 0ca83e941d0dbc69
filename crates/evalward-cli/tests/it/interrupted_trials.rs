//! Runs that are ended from outside while examples are repeated or failures confirmed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Running, Scratch, Turn};

use crate::support::{evalward, example, openai};

/// Fails every answer but `yes`.
const JUDGE: &str = r#"
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    passed = request["output"] == "yes"
    print(json.dumps({"id": request["id"], "score": float(passed), "passed": passed}), flush=True)
"#;

/// A suite of three examples whose model answers `no` to the last, and nothing after the first three calls.
async fn suite(gate: &str) -> (Scratch, FakeModel) {
    let calls = AtomicUsize::new(0);
    let model = FakeModel::start(move |question| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        match question {
            _ if call >= 3 => Turn::Hangs,
            "Question 2?" => Turn::says("no"),
            _ => Turn::says("yes"),
        }
    })
    .await;
    let scratch = Scratch::new();
    scratch.file("judge.py", JUDGE).file("prompt.j2", "{{ input.question }}");
    let metric =
        "[metrics.mood.command]\ncommand = [\"python3\", \"judge.py\"]\nkind = \"judge\"\n";
    scratch.file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"moods\"\ndataset = \"dataset\"\n\n{}\n{metric}\n[gates.golden]\n{gate}\n",
            openai(&model.address())
        ),
    );
    let number = |index| {
        let (id, question) = (format!("e-{index}"), format!("Question {index}?"));
        example(&id, Partition::Golden, &question, "yes")
    };
    scratch.dataset(&(0..3).map(number).collect::<Vec<Example>>());
    (scratch, model)
}

/// Starts a run and waits until three rows are in the journal and the fourth call hangs.
async fn started<'a>(scratch: &'a Scratch, model: &FakeModel, arguments: &str) -> Running<'a> {
    let run = evalward(scratch, arguments).start();
    let under_way = async {
        loop {
            let journals = scratch.runs().into_iter().map(|run| run.join("journal.jsonl"));
            let text: String =
                journals.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
            if model.requests().len() >= 4 && text.lines().count() == 3 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), under_way).await.unwrap();
    run
}

/// Returns the first gate's message, as the stored rows tell it.
fn reported(scratch: &Scratch) -> String {
    let report = evalward(scratch, "report --format json").run().expect_code(3);
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    report["summary"]["gates"][0]["message"].as_str().unwrap().to_owned()
}

fn outcomes(scratch: &Scratch) -> Vec<String> {
    let row = |row: &serde_json::Value| {
        format!(
            "{} {} {}",
            row["example_id"].as_str().unwrap(),
            row["trial"],
            row["outcome"].as_str().unwrap()
        )
    };
    scratch.rows().iter().map(row).collect()
}

const CONFIRMED: &str = "pass_rate = 1.0\nconfirm = 3";

#[tokio::test]
async fn ctrl_c_while_a_failure_is_confirmed_leaves_it_undecided() {
    let (scratch, model) = suite(CONFIRMED).await;
    let run = started(&scratch, &model, "run -j 1").await;
    run.interrupt();
    drop(run.wait().expect_code(3));
    assert_eq!(outcomes(&scratch), ["e-0 1 passed", "e-1 1 passed", "e-2 1 failed"]);
    assert_eq!(reported(&scratch), "the run stopped with 1 example still to evaluate");
    drop(evalward(&scratch, "baseline set latest --file b.json").run().expect_code(2));
}

#[tokio::test]
async fn a_run_that_is_killed_while_a_failure_is_confirmed_is_no_verdict() {
    let (scratch, model) = suite(CONFIRMED).await;
    let run = started(&scratch, &model, "run -j 1").await;
    run.kill();
    assert_eq!(run.wait().code, None);
    assert_eq!(reported(&scratch), "the run stopped with 1 example still to evaluate");
}

#[tokio::test]
async fn ctrl_c_leaves_a_row_for_every_repeat() {
    let (scratch, model) = suite("pass_rate = 1.0").await;
    let run = started(&scratch, &model, "run -j 1 --repeats 2").await;
    run.interrupt();
    drop(run.wait().expect_code(3));
    assert_eq!(
        outcomes(&scratch),
        [
            "e-0 1 passed",
            "e-0 2 passed",
            "e-1 1 passed",
            "e-1 2 errored",
            "e-2 1 errored",
            "e-2 2 errored"
        ]
    );
    assert_eq!(reported(&scratch), "the run stopped with 2 examples still to evaluate");
}

#[tokio::test]
async fn a_run_that_is_killed_between_repeats_is_no_verdict() {
    let (scratch, model) = suite("pass_rate = 1.0").await;
    let run = started(&scratch, &model, "run -j 1 --repeats 2").await;
    run.kill();
    assert_eq!(run.wait().code, None);
    assert_eq!(reported(&scratch), "2 of 3 examples have a result");
}
