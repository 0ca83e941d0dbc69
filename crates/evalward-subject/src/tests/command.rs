//! A program as the subject.

use std::time::Duration;

use evalward_core::{CallErrorKind, Document, Example, Partition, Subject};
use evalward_models::Tape;
use evalward_models::program::ProgramOptions;
use insta::assert_snapshot;
use tempfile::TempDir;

use super::{error_kind, outcome};
use crate::{CommandOptions, CommandSubject};

/// Makes a subject whose program answers each request with what this Python expression gives.
fn subject(folder: &TempDir, expression: &str, tape: Tape) -> CommandSubject {
    let text = format!(
        "import json, sys\nfor line in sys.stdin:\n    request = json.loads(line)\n    print(json.dumps({expression}), flush=True)\n"
    );
    std::fs::write(folder.path().join("app.py"), text).unwrap();
    let program = ProgramOptions {
        cwd: Some(folder.path().to_owned()),
        timeout: Duration::from_secs(20),
        ..ProgramOptions::new(["python3", "app.py"])
    };
    CommandSubject::new(CommandOptions { program, one_shot: false, tape }).unwrap()
}

fn example() -> Example {
    Example::new("a-1", Partition::Golden).with_input("question", "Hi")
}

async fn answered(expression: &str, example: &Example) -> String {
    let folder = TempDir::new().unwrap();
    outcome(&subject(&folder, expression, Tape::live()), example).await
}

#[tokio::test]
async fn requests_and_responses_have_the_agreed_form() {
    assert_snapshot!(answered("{'id': request['id'], 'output': request}", &example()).await, @r#"{"output":"{\"id\":\"a-1\",\"input\":{\"question\":\"Hi\"}}"} (1 attempts)"#);
    let mut grounded = example();
    grounded.context = vec![Document::from_text("doc")];
    assert_snapshot!(answered("{'output': 'x', 'context': request['context'], 'usage': {'cost': 0.5}}", &grounded).await, @r#"{"output":"x","context":[{"text":"doc"}],"usage":{"cost_usd":0.5}} (1 attempts)"#);
    assert_snapshot!(answered("'plain'", &example()).await, @r#"{"output":"plain"} (1 attempts)"#);
}

#[tokio::test]
async fn what_is_no_response_is_malformed() {
    assert_snapshot!(answered("{'outputs': 'x'}", &example()).await, @r#"Malformed: the program answered what is no response: unknown field `outputs`, expected one of `output`, `context`, `tool_calls`, `steps`, `usage`, `model`; the answer starts: {"outputs":"x"}"#);
    assert_snapshot!(answered("{'output': None}", &example()).await, @r#"Malformed: the program answered what is no response: `output` is null; an empty answer is `""`; the answer starts: {"output":null}"#);
}

#[tokio::test]
async fn a_replay_starts_no_program() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let tape = Tape::record(&path).unwrap();
    let live = subject(&folder, "{'id': request['id'], 'output': 'x'}", tape.clone());
    let reply = live.respond(&example()).await.unwrap();
    live.shutdown().await;
    tape.finish().unwrap();
    let program = ProgramOptions::new(["no-such-program"]);
    let tape = Tape::replay(&path).unwrap();
    let replay = CommandSubject::new(CommandOptions { program, one_shot: true, tape }).unwrap();
    let replayed = replay.respond(&example()).await.unwrap();
    assert_eq!(
        (replayed.response, replayed.latency_millis),
        (reply.response, reply.latency_millis)
    );
    let other = example().with_input("question", "Else");
    assert_eq!(error_kind(&replay, &other).await, CallErrorKind::Unrecorded);
}
