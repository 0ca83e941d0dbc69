//! Messages that come as JSON: with `parts` (OpenTelemetry), with `content` as a text or a list (OpenAI, Anthropic, Vercel).

use serde_json::{Map, Value};

use super::draft::{Call, Draft};

/// Reads a list of messages, or the JSON text of one; `None` where it is something else.
pub(super) fn read_list(value: Value, default_role: &str) -> Option<Vec<Draft>> {
    let items = match parsed(value) {
        Value::Array(items) => items,
        message @ Value::Object(_) => vec![message],
        _ => return None,
    };
    if !items.iter().all(Value::is_object) {
        return None;
    }
    let mut drafts = Vec::with_capacity(items.len());
    for item in items {
        read(item, default_role, &mut drafts);
    }
    Some(drafts)
}

/// Returns the JSON that a text holds, or the value itself.
pub(super) fn parsed(value: Value) -> Value {
    match value {
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(_) => Value::String(text),
        },
        other => other,
    }
}

/// Returns whether a value looks like a message.
pub(super) fn is_message(value: &Value) -> bool {
    let has = |name| value.get(name).is_some();
    has("parts") || has("role") && (has("content") || has("tool_calls"))
}

/// Reads a message; answers of several tools in one become several.
pub(super) fn read(message: Value, default_role: &str, drafts: &mut Vec<Draft>) {
    let Value::Object(mut fields) = message else { return };
    let before = drafts.len();
    let mut draft = Draft::of(&role(fields.remove("role"), default_role));
    draft.finish_reason = text_of(fields.remove("finish_reason"));
    for name in ["parts", "content"] {
        match fields.remove(name) {
            Some(Value::Array(parts)) => {
                for part in parts {
                    add_part(part, &mut draft, drafts);
                }
            }
            Some(Value::String(text)) => draft.texts.push(text),
            Some(Value::Null) | None => {}
            Some(other) => draft.texts.push(other.to_string()),
        }
    }
    for call in list(fields.remove("tool_calls").map(parsed)) {
        if let Value::Object(call) = call {
            draft.push_call(read_call(call));
        }
    }
    fields.retain(|_, value| !value.is_null());
    draft.more.append(&mut fields);
    // What carried only the answers of tools is no message of its own.
    let is_spent = drafts.len() > before && draft.texts.is_empty() && draft.is_silent();
    if !is_spent {
        drafts.push(draft);
    }
}

/// Reads a call of a tool in any of the forms that occur.
pub(super) fn read_call(mut call: Map<String, Value>) -> Call {
    let id =
        ["id", "toolCallId", "tool_call_id", "call_id"].iter().find_map(|name| call.remove(*name));
    let mut inner = match call.remove("function") {
        Some(Value::Object(function)) => function,
        _ => call,
    };
    let name = ["name", "toolName"].iter().find_map(|name| text_of(inner.remove(*name)));
    let arguments = ["arguments", "input", "args"].iter().find_map(|name| inner.remove(*name));
    Call {
        id: text_of(id),
        name: name.unwrap_or_default(),
        arguments: arguments.unwrap_or_default(),
    }
}

/// Adds the text of a list of parts, or of a plain text.
pub(super) fn texts(value: Value) -> Vec<String> {
    let mut draft = Draft::default();
    match parsed(value) {
        Value::Array(parts) => {
            for part in parts {
                add_part(part, &mut draft, &mut Vec::new());
            }
        }
        Value::String(text) => draft.texts.push(text),
        part @ Value::Object(_) => add_part(part, &mut draft, &mut Vec::new()),
        Value::Null => {}
        other => draft.texts.push(other.to_string()),
    }
    draft.texts
}

fn add_part(part: Value, draft: &mut Draft, drafts: &mut Vec<Draft>) {
    let mut fields = match part {
        Value::String(text) => return draft.texts.push(text),
        Value::Object(fields) => fields,
        _ => return,
    };
    match fields.get("type").and_then(Value::as_str).unwrap_or("text") {
        "text" | "input_text" | "output_text" => {
            let text = ["content", "text"].iter().find_map(|name| text_of(fields.remove(*name)));
            match text {
                Some(text) => draft.texts.push(text),
                None => draft.others.push(Value::Object(fields)),
            }
        }
        "tool_call" | "tool_use" | "tool-call" | "function_call" => {
            draft.push_call(read_call(fields));
        }
        "tool_call_response" | "tool_result" | "tool-result" => {
            drafts.push(tool_answer(fields));
        }
        "reasoning" | "thinking" => {
            let text = ["content", "text", "thinking"]
                .iter()
                .find_map(|name| text_of(fields.remove(*name)));
            if let Some(text) = text {
                draft.more.insert("reasoning".to_owned(), text.into());
            }
        }
        _ => draft.others.push(Value::Object(fields)),
    }
}

fn tool_answer(mut fields: Map<String, Value>) -> Draft {
    let mut draft = Draft::of("tool");
    let id = ["id", "tool_use_id", "toolCallId", "tool_call_id"]
        .iter()
        .find_map(|name| text_of(fields.remove(*name)));
    if let Some(id) = id {
        draft.more.insert("tool_call_id".to_owned(), id.into());
    }
    let answer = ["response", "result", "content", "output"]
        .iter()
        .find_map(|name| fields.remove(*name))
        .unwrap_or_default();
    match answer {
        Value::String(text) => draft.texts.push(text),
        Value::Array(parts) if parts.iter().all(|part| part.get("type").is_some()) => {
            draft.texts.extend(texts(Value::Array(parts)));
        }
        // Vercel wraps an answer: {"type":"text","value":"…"}.
        Value::Object(mut wrapped) if wrapped.contains_key("value") => {
            match wrapped.remove("value") {
                Some(Value::String(text)) => draft.texts.push(text),
                other => draft.texts.push(other.unwrap_or_default().to_string()),
            }
        }
        Value::Null => {}
        other => draft.texts.push(other.to_string()),
    }
    draft
}

fn role(value: Option<Value>, default_role: &str) -> String {
    match text_of(value) {
        Some(role) => match role.as_str() {
            "model" | "ai" => "assistant".to_owned(),
            "human" => "user".to_owned(),
            _ => role,
        },
        None => default_role.to_owned(),
    }
}

/// Returns the text that a value is, unless it is something else or nothing.
pub(super) fn text_of(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}
