//! The text of an input.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Returns every text, number and truth value of an input in canonical order, one a line.
///
/// Of a conversation only the texts of its messages count, and not those of `system` and `developer`, which all examples share.
pub(crate) fn input_text(input: &BTreeMap<String, Value>) -> String {
    let mut text = String::new();
    for (key, value) in input {
        match value {
            Value::Array(messages) if key == "messages" => conversation(messages, &mut text),
            value => collect(value, &mut text),
        }
    }
    text
}

fn conversation(messages: &[Value], text: &mut String) {
    let is_setting = |message: &Value| {
        let role = message.get("role").and_then(Value::as_str);
        matches!(role, Some("system" | "developer"))
    };
    let only_settings = messages.iter().all(is_setting);
    for message in messages.iter().filter(|message| only_settings || !is_setting(message)) {
        match message {
            Value::Object(fields) => fields_of_message(fields, text),
            other => collect(other, text),
        }
    }
}

/// Collects the fields of a message, or of a part of its content, without those that only name its kind.
fn fields_of_message(fields: &Map<String, Value>, text: &mut String) {
    for (key, value) in sorted(fields) {
        match (key.as_str(), value) {
            ("role" | "type", Value::String(_)) => {}
            ("content", Value::Array(parts)) => {
                for part in parts {
                    match part {
                        Value::Object(fields) => fields_of_message(fields, text),
                        other => collect(other, text),
                    }
                }
            }
            (_, value) => collect(value, text),
        }
    }
}

fn collect(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => line(string, text),
        Value::Number(number) => line(&number.to_string(), text),
        Value::Bool(truth) => line(if *truth { "true" } else { "false" }, text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, text)),
        Value::Object(fields) => sorted(fields).iter().for_each(|(_, value)| collect(value, text)),
        Value::Null => {}
    }
}

fn line(piece: &str, text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(piece);
}

/// Orders fields by their keys, whatever order `serde_json` was built to keep.
fn sorted(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_unstable_by_key(|(key, _)| *key);
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(input: Value, expected: &str) {
        let Value::Object(input) = input else { panic!("not an object") };
        assert_eq!(input_text(&input.into_iter().collect()), expected);
    }

    #[test]
    fn every_text_counts_in_canonical_order() {
        check(json!({"b": {"z": "2", "a": 1}, "a": ["x", null, true]}), "x\ntrue\n1\n2");
        check(json!({}), "");
    }

    #[test]
    fn of_a_conversation_only_the_texts_count() {
        let parts = json!([{"type": "text", "text": "Hello"}, "there"]);
        let messages = json!([
            {"role": "system", "content": "You help."},
            {"role": "user", "content": parts},
            {"role": "assistant", "content": "Hi"},
        ]);
        check(json!({"messages": messages}), "Hello\nthere\nHi");
        check(json!({"messages": [{"role": "system", "content": "You help."}]}), "You help.");
    }
}
