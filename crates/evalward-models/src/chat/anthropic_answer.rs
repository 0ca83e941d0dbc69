//! The answer of the Messages API.

use evalward_core::{ChatAnswer, ToolCall, Usage};
use serde_json::Value;

use super::json::text;

/// Reads an answer, or says what is missing.
pub(super) fn read(answer: &Value) -> Result<ChatAnswer, String> {
    let blocks = answer["content"].as_array().ok_or("`content` is missing or no list")?;
    let of_kind = |kind| blocks.iter().filter(move |block| block["type"] == kind);
    let tool_calls: Result<_, String> = of_kind("tool_use")
        .map(|block| {
            let name = text(block, "name").ok_or("a `tool_use` block has no `name`")?;
            Ok(ToolCall { id: text(block, "id"), name, arguments: block["input"].clone() })
        })
        .collect();
    Ok(ChatAnswer {
        text: of_kind("text").filter_map(|block| block["text"].as_str()).collect(),
        tool_calls: tool_calls?,
        model: text(answer, "model"),
        finish_reason: text(answer, "stop_reason"),
        usage: read_usage(&answer["usage"]),
        ..ChatAnswer::default()
    })
}

/// Reads the usage; tokens that came from or went to the prompt cache are input as well.
fn read_usage(usage: &Value) -> Option<Usage> {
    usage.is_object().then(|| {
        let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"]
            .iter()
            .filter_map(|name| usage[*name].as_u64())
            .fold(0, u64::saturating_add);
        Usage {
            input_tokens: usage["input_tokens"]
                .as_u64()
                .map(|tokens| tokens.saturating_add(cached)),
            output_tokens: usage["output_tokens"].as_u64(),
            cost_usd: None,
        }
    })
}
