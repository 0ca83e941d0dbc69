//! Showing an example's input.

use std::collections::BTreeMap;

use serde_json::Value;

/// Writes an input as a person would: the text alone where it is all there is, a conversation line by line, else `key: value`.
pub(crate) fn input_text(input: &BTreeMap<String, Value>) -> String {
    let mut fields = input.iter();
    match (fields.next(), fields.next()) {
        (Some((_, Value::String(text))), None) => text.clone(),
        (Some((key, Value::Array(messages))), None) if key == "messages" => {
            lines(messages.iter().map(message_text))
        }
        _ => lines(input.iter().map(|(key, value)| format!("{key}: {}", value_text(value)))),
    }
}

fn message_text(message: &Value) -> String {
    match (message.get("role").and_then(Value::as_str), message.get("content")) {
        (Some(role), Some(content)) => format!("{role}: {}", value_text(content)),
        _ => message.to_string(),
    }
}

/// Writes a text as it is and any other value as JSON.
pub(crate) fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
