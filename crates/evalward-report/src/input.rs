//! Showing an example's input.

use std::borrow::Cow;
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

/// Returns who says what: a conversation message by message, else each field; what is all there is has no name.
pub(crate) fn input_turns(input: &BTreeMap<String, Value>) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut turns = Vec::new();
    for (key, value) in input {
        match value {
            Value::Array(messages) if key == "messages" => {
                turns.extend(messages.iter().map(|message| {
                    match (message.get("role").and_then(Value::as_str), message.get("content")) {
                        (Some(role), Some(content)) => (role.into(), text_of(content)),
                        _ => ("".into(), message.to_string().into()),
                    }
                }));
            }
            value if input.len() == 1 => turns.push(("".into(), text_of(value))),
            value => turns.push((key.into(), text_of(value))),
        }
    }
    turns
}

fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
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
