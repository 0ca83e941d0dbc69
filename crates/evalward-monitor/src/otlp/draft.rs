//! A message while it is put together, and the forms that it ends in.

use std::collections::BTreeMap;

use evalward_core::ToolCall;
use serde_json::{Map, Value, json};

/// What instrumentations write in place of a content that they hide.
pub(super) const REDACTED: &str = "__REDACTED__";

/// A message of which the parts are being collected.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) role: String,
    pub(super) texts: Vec<String>,
    /// Parts that are no text, such as images.
    pub(super) others: Vec<Value>,
    /// The calls of tools, by their place.
    pub(super) calls: BTreeMap<u32, Call>,
    pub(super) finish_reason: Option<String>,
    /// Whatever else the message has, such as `name` and `tool_call_id`.
    pub(super) more: Map<String, Value>,
}

/// A call of a tool, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) arguments: Value,
}

impl Draft {
    pub(super) fn of(role: &str) -> Self {
        Self { role: role.to_owned(), ..Self::default() }
    }

    /// Adds a call behind those that are there.
    pub(super) fn push_call(&mut self, call: Call) {
        let place = self.calls.last_key_value().map_or(0, |(place, _)| place.saturating_add(1));
        self.calls.insert(place, call);
    }

    /// Returns whether nothing was said and no tool called.
    pub(super) fn is_silent(&self) -> bool {
        self.texts.iter().all(String::is_empty) && self.calls.is_empty() && self.others.is_empty()
    }

    /// Returns whether a text was hidden before it was sent.
    pub(super) fn is_redacted(&self) -> bool {
        self.texts.iter().any(|text| text == REDACTED)
            || self.calls.values().any(|call| call.arguments == REDACTED)
    }

    /// Joins the texts: an answer's pieces follow one another, while those of a request stand apart.
    pub(super) fn text(&mut self) -> String {
        match self.texts.len() {
            0 => String::new(),
            1 => self.texts.swap_remove(0),
            _ => self.texts.join(if self.role == "assistant" { "" } else { "\n" }),
        }
    }

    /// Returns the calls in their order.
    pub(super) fn tool_calls(&mut self) -> Vec<ToolCall> {
        let calls = std::mem::take(&mut self.calls);
        calls.into_values().map(Call::into_tool_call).collect()
    }

    /// Returns the message in the OpenAI form.
    pub(super) fn into_message(mut self) -> Value {
        let mut message = std::mem::take(&mut self.more);
        let text = self.text();
        let content = if self.others.is_empty() {
            Value::String(text)
        } else {
            let mut parts = Vec::with_capacity(self.others.len() + 1);
            if !text.is_empty() {
                parts.push(json!({"type": "text", "text": text}));
            }
            parts.append(&mut self.others);
            Value::Array(parts)
        };
        let role = if self.role.is_empty() { "user".to_owned() } else { self.role };
        message.insert("role".to_owned(), role.into());
        message.insert("content".to_owned(), content);
        if !self.calls.is_empty() {
            let calls = self.calls.into_values().map(Call::into_message_part).collect();
            message.insert("tool_calls".to_owned(), calls);
        }
        Value::Object(message)
    }
}

impl Call {
    fn into_tool_call(self) -> ToolCall {
        let arguments = match self.arguments {
            // Arguments are JSON in a text, unless a model wrote something else.
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(arguments) => arguments,
                Err(_) => Value::String(text),
            },
            other => other,
        };
        ToolCall { id: self.id, name: self.name, arguments }
    }

    fn into_message_part(self) -> Value {
        let arguments = match self.arguments {
            Value::String(text) => text,
            Value::Null => "{}".to_owned(),
            other => other.to_string(),
        };
        let mut part = json!({
            "type": "function",
            "function": {"name": self.name, "arguments": arguments},
        });
        if let (Some(id), Value::Object(fields)) = (self.id, &mut part) {
            fields.insert("id".to_owned(), id.into());
        }
        part
    }
}
