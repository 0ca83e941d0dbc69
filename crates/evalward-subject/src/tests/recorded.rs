//! Responses from a file.

use evalward_core::{Example, Outcome, Partition, Response, Timestamp, Trial};
use insta::assert_snapshot;
use serde_json::json;
use tempfile::TempDir;

use super::outcome;
use crate::{RecordedSubject, SubjectError};

fn open(folder: &TempDir, text: &str) -> Result<RecordedSubject, SubjectError> {
    let path = folder.path().join("responses.jsonl");
    std::fs::write(&path, text).unwrap();
    RecordedSubject::open(path)
}

async fn read(text: &str, id: &str) -> String {
    let folder = TempDir::new().unwrap();
    let example = Example::new(id, Partition::Golden);
    let shown = match open(&folder, text) {
        Ok(subject) => outcome(&subject, &example).await,
        Err(error) => error.to_string(),
    };
    shown.replace(&*folder.path().to_string_lossy(), "FOLDER")
}

/// Returns the row of a run with a response or without one.
fn row(id: &str, response: Option<&str>, trial: u32) -> String {
    let example = Example::new(id, Partition::Golden);
    let outcome =
        if response.is_some() { Outcome::Passed } else { Outcome::Errored("down".to_owned()) };
    let mut row = Trial::new(&example, outcome, Timestamp::from_millis(0));
    row.response = response.map(Response::from_text);
    row.latency_millis = response.map(|_| 42);
    row.trial = trial;
    serde_json::to_string(&row).unwrap()
}

#[tokio::test]
async fn lines_of_every_form_are_read() {
    let text = "{\"id\":\"a\",\"output\":\"plain\",\"model\":\"m\"}\r\n\n{\"id\":\"b\",\"response\":{\"output\":\"whole\"}}\n{\"id\":\"ü\",\"response\":\"text\"}";
    assert_snapshot!(read(text, "a").await, @r#"{"output":"plain","model":"m"} (0 attempts)"#);
    assert_snapshot!(read(text, "b").await, @r#"{"output":"whole"} (0 attempts)"#);
    assert_snapshot!(read(text, "ü").await, @r#"{"output":"text"} (0 attempts)"#);
    assert_snapshot!(read(text, "c").await, @"Unrecorded: `FOLDER/responses.jsonl` has no response for example `c`");
}

#[tokio::test]
async fn rows_of_a_run_keep_their_latency_and_the_first_trial() {
    let text =
        [row("a", Some("first"), 1), row("a", Some("second"), 2), row("b", None, 1)].join("\n");
    assert_snapshot!(read(&text, "a").await, @r#"{"output":"first"} (0 attempts)"#);
    assert_snapshot!(read(&text, "b").await, @"Unrecorded: `FOLDER/responses.jsonl` has no response for example `b`: the example was errored there: down");
    let folder = TempDir::new().unwrap();
    let subject = open(&folder, &text).unwrap();
    let reply =
        evalward_core::Subject::respond(&subject, &Example::new("a", Partition::Golden)).await;
    assert_eq!(reply.unwrap().latency_millis, 42);
}

#[tokio::test]
async fn bad_files_are_refused_when_they_are_opened() {
    assert_snapshot!(read("{\"id\":\"a\",\"output\":\"x\"}\n{\"id\":\"b\"}\n", "a").await, @"failed to read a response at FOLDER/responses.jsonl:2: missing field `output`");
    assert_snapshot!(read("{\"id\":\"a\",\"outputs\":\"x\"}\n", "a").await, @"failed to read a response at FOLDER/responses.jsonl:1: unknown field `outputs`, expected one of `output`, `context`, `tool_calls`, `steps`, `usage`, `model`");
    assert_snapshot!(read("{\"id\":\"a\",\"response\":\"x\",\"score\":1}\n", "a").await, @"failed to read a response at FOLDER/responses.jsonl:1: it has `score` beside `response`");
    assert_snapshot!(read("{\"output\":\"x\"}\n", "a").await, @"failed to read a response at FOLDER/responses.jsonl:1: it has no `id`");
    assert_snapshot!(read("{\"id\":\"a\",\n", "a").await, @"failed to read a response at FOLDER/responses.jsonl:1: EOF while parsing a value at line 2 column 0");
    let twice = "{\"id\":\"a\",\"output\":\"x\"}\n{\"id\":\"b\",\"output\":\"x\"}\n{\"id\":\"a\",\"output\":\"y\"}\n";
    assert_snapshot!(read(twice, "a").await, @"failed to read responses from `FOLDER/responses.jsonl`: lines 1 and 3 both answer `a`");
    assert!(matches!(RecordedSubject::open("/no/such/file"), Err(SubjectError::Responses { .. })));
}

#[tokio::test]
async fn a_large_file_answers_every_example() {
    let folder = TempDir::new().unwrap();
    let line = |id| json!({"id": format!("e-{id}"), "output": id}).to_string();
    let text = (0..5_000).map(line).collect::<Vec<_>>().join("\n");
    let subject = open(&folder, &text).unwrap();
    for id in [0, 1, 2_499, 4_999] {
        let example = Example::new(&format!("e-{id}"), Partition::Golden);
        assert_eq!(
            outcome(&subject, &example).await,
            format!("{{\"output\":\"{id}\"}} (0 attempts)")
        );
    }
}
