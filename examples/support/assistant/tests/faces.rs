//! Both faces of the binary: JSON lines and HTTP.

#![cfg(test)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

mod server;

use server::Server;

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_support-assistant"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Sends lines and returns the answer to each.
fn json_lines(arguments: &[&str], lines: &[&str]) -> Vec<Value> {
    let mut child = start(&[&["json-lines"], arguments].concat());
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut replies = Vec::new();
    for line in lines {
        // Each answer is read before the next question is sent, which only works where every line is flushed.
        writeln!(stdin, "{line}").unwrap();
        let mut reply = String::new();
        stdout.read_line(&mut reply).unwrap();
        replies.push(serde_json::from_str(&reply).unwrap());
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    replies
}

#[test]
fn json_lines_answers_every_line() {
    let replies = json_lines(
        &[],
        &[
            r#"{"id":"a","input":{"question":"Do you take bitcoin?"}}"#,
            "{not json",
            r#"{"id":7,"input":{"messages":[{"role":"user","content":"Where is the trash?"}]}}"#,
            r#"{"id":"b","input":{"query":"Do you take bitcoin?"}}"#,
        ],
    );
    assert_eq!(replies[0]["id"], "a");
    assert!(
        replies[0]["output"]
            .as_str()
            .unwrap()
            .contains("do not accept PayPal, cheques or cryptocurrency")
    );
    assert_eq!(replies[0]["context"][0]["id"], "kb/billing-payment.md#accepted-payment-methods");
    assert!(replies[1]["id"].is_null() && replies[1]["error"].is_string());
    assert_eq!(replies[2]["id"], 7);
    assert!(replies[2]["output"].as_str().unwrap().contains("30 days"));
    assert_eq!(replies[3]["id"], "b");
    assert!(replies[3]["error"].as_str().unwrap().contains("query"));
}

#[test]
fn json_lines_takes_a_patch_and_a_knowledge_base() {
    let folder = tempfile::tempdir().unwrap();
    let article = "---\ntitle: Opening times\ncategory: features\n---\n\n## Cafeteria\n\nThe cafeteria opens at noon.\n";
    std::fs::write(folder.path().join("cafeteria.md"), article).unwrap();
    let kb = folder.path().to_str().unwrap();
    let line = r#"{"id":"a","input":{"question":"When does the cafeteria open?"}}"#;
    let replies = json_lines(&["--patch", "holiday", "--kb", kb], &[line]);
    assert_eq!(
        replies[0]["output"],
        "Happy holidays from all of us at Cobblenote! The cafeteria opens at noon."
    );
}

#[test]
fn http_answers() {
    let server = Server::start(&[], &[]);
    let live = server.send("GET", "/livez", "", "");
    assert_eq!((live.status(), live.body.as_str()), ("HTTP/1.1 200 OK", "ok"));

    let request = json!({"input": {"question": "Which languages do your support staff speak?"}});
    let answer = server.send("POST", "/answer", "", &request.to_string());
    assert_eq!(answer.status(), "HTTP/1.1 200 OK");
    assert_eq!(answer.header("x-trace-id").map(str::len), Some(32));
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(reply["output"].as_str().unwrap().contains("English and German"));
    assert_eq!(reply["context"][0]["id"], "kb/troubleshooting-support.md#support-languages");

    let broken = server.send("POST", "/answer", "", r#"{"input": {"question": 3}}"#);
    assert_eq!(broken.status(), "HTTP/1.1 422 Unprocessable Entity");
    assert!(serde_json::from_str::<Value>(&broken.body).unwrap()["detail"].is_string());
    let cut = server.send("POST", "/answer", "", "{");
    assert_eq!(cut.status(), "HTTP/1.1 400 Bad Request");

    let (status, stderr) = server.terminate();
    assert!(status.success(), "{status}");
    assert_eq!(stderr, "");
}

#[test]
fn a_missing_knowledge_base_is_an_error() {
    let child = Command::new(env!("CARGO_BIN_EXE_support-assistant"))
        .args(["json-lines", "--kb", "/nonexistent"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!child.status.success());
    assert!(String::from_utf8_lossy(&child.stderr).contains("failed to open the knowledge base"));
}
