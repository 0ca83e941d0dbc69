//! Questions and answers in the form of the chat API.

use serde_json::{Value, json};

/// Returns the text of the last message of a request.
pub(crate) fn question(body: &Value) -> &str {
    let messages = body["messages"].as_array();
    messages.and_then(|it| it.last()?["content"].as_str()).unwrap_or_default()
}

/// Writes an answer; four characters count as a token.
pub(crate) fn answer(body: &Value, reply: &str) -> Value {
    let (input, output) = (question(body).len() / 4, reply.len().div_ceil(4));
    json!({
        "id": "chatcmpl-load",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": reply},
        }],
        "usage": {"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output},
    })
}
