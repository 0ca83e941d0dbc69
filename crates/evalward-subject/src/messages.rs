//! Conversations in the input.

use evalward_core::{ChatMessage, Example};
use serde::Deserialize;
use serde_json::Value;

/// The roles of the `OpenAI` message form.
const ROLES: &[&str] = &["system", "developer", "user", "assistant", "tool", "function"];

/// Reads `input.messages`; `None` where the input has none, and an error, as a sentence, where it is no conversation.
pub(crate) fn read(example: &Example) -> Result<Option<Vec<ChatMessage>>, String> {
    let Some(messages) = example.input.get("messages") else { return Ok(None) };
    let messages = messages
        .as_array()
        .filter(|messages| !messages.is_empty())
        .ok_or("`input.messages` must be a list of messages with at least one")?;
    let message = |(index, message)| {
        read_one(message).map_err(|reason| format!("`input.messages[{index}]` {reason}"))
    };
    messages.iter().enumerate().map(message).collect::<Result<_, _>>().map(Some)
}

fn read_one(message: &Value) -> Result<ChatMessage, String> {
    let role = message["role"].as_str().ok_or("needs a `role`")?;
    if !ROLES.contains(&role) {
        return Err(format!("has role `{role}`; known are {}", ROLES.join(", ")));
    }
    match &message["content"] {
        Value::String(_) => {}
        Value::Array(parts) if parts.iter().all(|part| part["type"].is_string()) => {}
        Value::Null if message["tool_calls"].is_array() => {}
        Value::Null => return Err("needs a `content`".to_owned()),
        _ => return Err("needs a `content` that is a text or a list of parts with a `type`".into()),
    }
    ChatMessage::deserialize(message).map_err(|error| format!("cannot be read: {error}"))
}
