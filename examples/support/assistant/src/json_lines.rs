//! The face for a program that starts the assistant once and speaks JSON lines with it.

use std::io::{BufRead, Write};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::assistant::Assistant;
use crate::protocol::Input;

#[derive(Deserialize)]
struct Request {
    id: Value,
    input: Input,
}

/// Answers every line of `requests` with one line, until the end of the input.
///
/// # Errors
/// Fails where a stream breaks; a malformed line is answered with an error object instead.
pub fn json_lines(
    assistant: &Assistant,
    requests: impl BufRead,
    mut replies: impl Write,
) -> Result<()> {
    for line in requests.lines() {
        let line = line.context("failed to read a request")?;
        if line.trim().is_empty() {
            continue;
        }
        writeln!(replies, "{}", reply(assistant, &line)).context("failed to write a reply")?;
        replies.flush().context("failed to write a reply")?;
    }
    Ok(())
}

/// Answers one line; an error keeps the id wherever the line has one.
fn reply(assistant: &Assistant, line: &str) -> Value {
    let mut id = Value::Null;
    let request = serde_json::from_str::<Value>(line).and_then(|value| {
        id = value.get("id").cloned().unwrap_or_default();
        serde_json::from_value::<Request>(value)
    });
    match request {
        Ok(request) => {
            let reply = assistant.answer(&request.input);
            json!({"id": request.id, "output": reply.output, "context": reply.context})
        }
        Err(error) => json!({"id": id, "error": format!("failed to read the request: {error}")}),
    }
}
