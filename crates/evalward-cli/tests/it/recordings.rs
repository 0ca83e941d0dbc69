//! `--record` and `--replay`.

use std::fs;
use std::path::Path;

use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

use crate::answers_of_models::geographer;
use crate::support::{evalward, suite};

const SUBJECT: &str = "[subject.openai]\nmodel = \"gpt-test\"\nbase_url = \"${MODEL_URL}/v1\"\napi_key = \"${MODEL_KEY}\"\nprompt = \"prompt.j2\"\n";

/// Records a run against a model that is gone afterwards.
async fn recorded() -> Scratch {
    let scratch = suite(SUBJECT);
    let model = geographer().await;
    let run = evalward(&scratch, "run --quiet --record calls.jsonl")
        .env("MODEL_URL", &model.address())
        .env("MODEL_KEY", "sk-recorded-key");
    drop(run.run().expect_code(0));
    scratch
}

/// Reads the rows of a run with some fields blanked, byte by byte otherwise.
fn rows_without(scratch: &Scratch, run: usize, blanked: &[&str]) -> String {
    let text = scratch.read(scratch.runs()[run].join("results.jsonl"));
    let mut lines = Vec::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let blank = |line: String, field: &&str| {
            line.replace(&format!("\"{field}\":{}", row[*field]), &format!("\"{field}\":_"))
        };
        lines.push(blanked.iter().fold(line.to_owned(), blank));
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_replay_needs_nothing_and_gives_the_same_bytes() {
    let scratch = recorded().await;
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(0));
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl -j 1").run().expect_code(0));
    // Nothing is called in a replay, hence no attempts.
    let blanked = ["started_at", "attempts"];
    assert_eq!(rows_without(&scratch, 0, &blanked), rows_without(&scratch, 1, &blanked));
    let blanked = ["started_at"];
    assert_eq!(rows_without(&scratch, 1, &blanked), rows_without(&scratch, 2, &blanked));
}

#[tokio::test]
async fn recording_again_calls_nothing_and_changes_no_byte() {
    let scratch = recorded().await;
    let before = scratch.read("calls.jsonl");
    // The model is gone: a call would fail.
    let again = evalward(&scratch, "run --quiet --record calls.jsonl")
        .env("MODEL_URL", "http://127.0.0.1:9")
        .env("MODEL_KEY", "sk-other");
    drop(again.run().expect_code(0));
    assert_eq!(scratch.read("calls.jsonl"), before);
}

#[tokio::test]
async fn a_call_that_is_not_recorded_names_its_example() {
    let scratch = recorded().await;
    let kept: Vec<String> = scratch
        .read("calls.jsonl")
        .lines()
        .filter(|line| !line.contains("\"for\":\"peru\""))
        .map(|line| format!("{line}\n"))
        .collect();
    scratch.file("calls.jsonl", &kept.concat());
    let run = evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(3);
    // The table above it is as wide as the model was slow.
    let (_, told) = run.clean_stdout().split_once("\n1 errored\n").unwrap();
    assert_snapshot!(told, @"
      1 × the chat call is not in recording `calls.jsonl`: the request has changed or was never made; record it with `--record`
          peru

    gates
      ! incomplete    golden        1 of 3 examples could not be evaluated; none is allowed

    Nothing is decided: 1 example could not be evaluated. Remove the causes above and run again. (exit 3)
    ");
    scratch.file("prompt.j2", "Please: {{ input.question }}");
    let run = evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(3);
    assert!(run.stdout.contains("the request has changed"), "{}", run.stdout);
}

#[tokio::test]
async fn a_suite_that_names_its_recording_runs_offline_and_live_on_demand() {
    let scratch = recorded().await;
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &format!("{suite}\n[run]\nreplay = \"calls.jsonl\"\n"));
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let live = evalward(&scratch, "run --quiet --live").run().expect_code(2);
    assert!(live.stderr.contains("`MODEL_URL` is not set"), "{}", live.stderr);
}

/// Copies a folder of the repository to the same place in an empty one.
fn copied(scratch: &Scratch, folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![Path::new(folder).to_owned()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(scratch.path(&folder)).unwrap();
        for entry in fs::read_dir(root.join(&folder)).unwrap().map(Result::unwrap) {
            let place = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(place);
            } else {
                fs::copy(entry.path(), scratch.path(&place)).unwrap();
            }
        }
    }
}

#[test]
fn two_replays_of_the_examples_give_the_same_rows_and_the_same_summary() {
    for (folders, suite) in [
        (vec!["examples/judges"], "examples/judges/evalward.toml"),
        (vec!["examples/support", "datasets/support"], "examples/support/model.toml"),
    ] {
        let scratch = Scratch::new();
        for folder in folders {
            copied(&scratch, folder);
        }
        for concurrency in [1, 8] {
            let run = evalward(&scratch, &format!("run {suite} --quiet -j {concurrency}")).run();
            assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
        }
        let rows = |run| rows_without(&scratch, run, &["started_at"]);
        assert!(rows(0).lines().count() >= 3);
        assert_eq!(rows(0), rows(1));
        let summary = |run: usize| scratch.read(scratch.runs()[run].join("summary.json"));
        assert_eq!(summary(0), summary(1), "{suite}");
    }
}

#[tokio::test]
async fn a_recording_may_be_compressed_and_holds_no_secret() {
    let scratch = suite(SUBJECT);
    let model = geographer().await;
    let record = |record: &str| {
        let run = evalward(&scratch, &format!("run --quiet --no-cache --record {record}"));
        let run = run.env("MODEL_URL", &model.address()).env("MODEL_KEY", "sk-recorded-key");
        drop(run.run().expect_code(0));
    };
    record("calls.jsonl");
    record("calls.jsonl.gz");
    let asked = model.requests().len();
    record("calls.jsonl.gz");
    assert_eq!(model.requests().len(), asked);
    let plain = scratch.read("calls.jsonl");
    assert!(!plain.contains("sk-recorded-key") && !plain.to_lowercase().contains("authorization"));
    let packed = fs::read(scratch.path("calls.jsonl.gz")).unwrap();
    assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() < plain.len());
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl.gz").run().expect_code(0));
}
