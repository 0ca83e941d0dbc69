//! The request of the Messages API, from messages in the `OpenAI` form.

use evalward_core::{ChatMessage, ChatRequest};
use serde_json::{Map, Value, json};

use super::json::content_text;

/// The limit that is sent where a request has none, since the API wants one.
const DEFAULT_MAX_TOKENS: u32 = 1024;

/// Writes the body: system messages become the `system` field, tool messages become content blocks.
pub(super) fn body(request: &ChatRequest) -> Value {
    let mut body: Map<String, Value> = request.parameters.clone();
    let (system, messages): (Vec<_>, Vec<_>) = request
        .messages
        .iter()
        .partition(|message| matches!(message.role.as_str(), "system" | "developer"));
    if !system.is_empty() {
        let texts: Vec<_> =
            system.iter().filter_map(|message| content_text(&message.content)).collect();
        body.insert("system".to_owned(), texts.join("\n\n").into());
    }
    body.insert("model".to_owned(), request.model.as_str().into());
    body.insert("messages".to_owned(), messages.into_iter().map(message).collect());
    let max_tokens = request.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS);
    body.insert("max_tokens".to_owned(), max_tokens.into());
    if let Some(temperature) = request.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    Value::Object(body)
}

fn message(message: &ChatMessage) -> Value {
    if message.role == "tool" {
        let result = json!({
            "type": "tool_result",
            "tool_use_id": message.more.get("tool_call_id"),
            "content": message.content,
        });
        return json!({"role": "user", "content": [result]});
    }
    match message.more.get("tool_calls").and_then(Value::as_array) {
        Some(calls) => json!({"role": message.role, "content": with_calls(message, calls)}),
        None => json!(message),
    }
}

/// Writes an assistant's text and tool calls as content blocks.
fn with_calls(message: &ChatMessage, calls: &[Value]) -> Vec<Value> {
    let text = content_text(&message.content).filter(|text| !text.is_empty());
    let text = text.map(|text| json!({"type": "text", "text": text}));
    let uses = calls.iter().map(|call| {
        let arguments = call["function"]["arguments"].as_str().unwrap_or("{}");
        let input: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!({}));
        json!({"type": "tool_use", "id": call["id"], "name": call["function"]["name"], "input": input})
    });
    text.into_iter().chain(uses).collect()
}
