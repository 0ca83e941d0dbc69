//! Reading answers of chat servers.

use evalward_core::{CallError, CallErrorKind, ChatAnswer};
use serde_json::Value;

use super::Price;
use crate::{HttpAnswer, HttpCall, Transport, excerpt};

/// Reads the one field of a JSON object as a text.
pub(super) fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}

/// Returns a content's text, or the texts of its parts.
pub(super) fn content_text(content: &Value) -> Option<String> {
    match content {
        Value::String(content) => Some(content.clone()),
        Value::Array(parts) => {
            Some(parts.iter().filter_map(|part| part["text"].as_str()).collect())
        }
        _ => None,
    }
}

/// Sends a call and reads its answer by a protocol; `read` says what is missing where the answer is of another form.
pub(super) async fn ask(
    transport: &Transport,
    call: HttpCall<'_>,
    price: Option<Price>,
    read: impl FnOnce(&Value) -> Result<ChatAnswer, String> + Send,
) -> Result<ChatAnswer, CallError> {
    let HttpAnswer { body, latency_millis, attempts, .. } = transport.send(call).await?;
    let malformed = |reason: String| {
        let start = excerpt(&call.blank(&String::from_utf8_lossy(&body)));
        let message = format!(
            "`{} {}` answered with what is no chat answer: {reason}; the answer starts: {start}",
            call.method, call.address
        );
        CallError { attempts, ..CallError::new(CallErrorKind::Malformed, message) }
    };
    let value: Value =
        serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
    let mut answer = read(&value).map_err(malformed)?;
    answer.usage = answer.usage.map(|usage| price.map_or(usage, |price| price.applied_to(usage)));
    if let Some(usage) = &answer.usage {
        transport.meter().count_usage(usage);
    }
    Ok(ChatAnswer { latency_millis, attempts, ..answer })
}
