//! The answer of the `OpenAI` chat API.

use evalward_core::{ChatAnswer, Finite, TokenChoice, ToolCall, Usage};
use serde_json::Value;

use super::json::{content_text, text};

/// Reads an answer, or says what is missing.
pub(super) fn read(answer: &Value) -> Result<ChatAnswer, String> {
    let choice = answer["choices"].get(0).ok_or("`choices` is missing or empty")?;
    let message = &choice["message"];
    if !message.is_object() {
        return Err("`choices[0].message` is missing".to_owned());
    }
    let tool_calls = read_tool_calls(&message["tool_calls"])?;
    let finish_reason = text(choice, "finish_reason");
    let cut_short = matches!(finish_reason.as_deref(), Some("length" | "content_filter"));
    let content = match (content_text(&message["content"]), text(message, "refusal")) {
        // A refusal is what the user would see.
        (None, Some(refusal)) => refusal,
        (Some(content), Some(refusal)) if content.is_empty() => refusal,
        (Some(content), _) => content,
        (None, None) if cut_short || !tool_calls.is_empty() => String::new(),
        (None, None) => return Err("the message has neither `content` nor `tool_calls`".to_owned()),
    };
    let choices = read_choices(&choice["logprobs"]["content"], &content);
    Ok(ChatAnswer {
        text: content,
        choices,
        tool_calls,
        model: text(answer, "model"),
        fingerprint: text(answer, "system_fingerprint"),
        finish_reason,
        usage: read_usage(&answer["usage"]),
        ..ChatAnswer::default()
    })
}

/// Reads the likeliest tokens of each place; none where the tokens are not those of the text.
fn read_choices(tokens: &Value, text: &str) -> Vec<TokenChoice> {
    let mut choices = Vec::new();
    let mut start = 0;
    for place in tokens.as_array().into_iter().flatten() {
        // Part of a character has no text of its own; the bytes say how long it is.
        let token = place["token"].as_str().unwrap_or_default();
        let bytes = place["bytes"].as_array().map_or(token.len(), Vec::len);
        let likeliest = place["top_logprobs"].as_array().into_iter().flatten();
        let likeliest = likeliest.filter_map(|other| {
            let logarithm = other["logprob"].as_f64().and_then(|it| Finite::new(it).ok())?;
            Some((other["token"].as_str()?.to_owned(), logarithm))
        });
        if text.get(start..).is_some_and(|rest| rest.starts_with(token)) {
            choices.push(TokenChoice {
                start,
                token: token.to_owned(),
                likeliest: likeliest.collect(),
            });
        }
        start += bytes;
    }
    // Servers put an empty token at the end.
    if start == text.len() { choices } else { Vec::new() }
}

fn read_tool_calls(calls: &Value) -> Result<Vec<ToolCall>, String> {
    let calls = calls.as_array().map(Vec::as_slice).unwrap_or_default();
    calls.iter().enumerate().map(|(index, call)| read_tool_call(index, call)).collect()
}

fn read_tool_call(index: usize, call: &Value) -> Result<ToolCall, String> {
    let function = &call["function"];
    let name = text(function, "name")
        .ok_or_else(|| format!("`tool_calls[{index}].function.name` is missing"))?;
    let arguments = match &function["arguments"] {
        // The arguments are JSON in a text; a model that writes none gets its text compared.
        Value::String(json) if json.trim().is_empty() => Value::Object(serde_json::Map::new()),
        Value::String(json) => serde_json::from_str(json).unwrap_or_else(|_| json.as_str().into()),
        other => other.clone(),
    };
    Ok(ToolCall { id: text(call, "id"), name, arguments })
}

/// Reads the usage under both families of names, since compatible servers mix them.
fn read_usage(usage: &Value) -> Option<Usage> {
    usage.is_object().then(|| {
        let count = |names: [&str; 2]| names.iter().find_map(|name| usage[*name].as_u64());
        let told = Usage {
            input_tokens: count(["prompt_tokens", "input_tokens"]),
            output_tokens: count(["completion_tokens", "output_tokens"]),
            cost_usd: usage["cost"].as_f64().and_then(|cost| Finite::new(cost).ok()),
        };
        // A negative price is none, so that the one of the suite applies.
        Usage { cost_usd: told.known_cost(), ..told }
    })
}
