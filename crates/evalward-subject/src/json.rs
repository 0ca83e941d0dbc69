//! Reading a response out of JSON.

use evalward_core::{CallError, CallErrorKind, Response};
use evalward_models::excerpt;
use serde::Deserialize;
use serde_json::Value;

/// Reads a response, or makes an error that shows the start of what was answered.
pub(crate) fn read_response(value: &Value, who: &str) -> Result<Response, CallError> {
    Response::deserialize(value).map_err(|error| malformed(who, &error.to_string(), value))
}

/// Makes the error of an answer that is not of the agreed form.
pub(crate) fn malformed(who: &str, reason: &str, value: &Value) -> CallError {
    let start = excerpt(&value.to_string());
    let message =
        format!("{who} answered what is no response: {reason}; the answer starts: {start}");
    CallError::new(CallErrorKind::Malformed, message)
}
