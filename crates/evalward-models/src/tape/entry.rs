//! The lines of a recording.

use evalward_core::{Digest, canonical_json};
use serde::Deserialize;
use serde_json::Value;

use super::{CallKey, TapeAnswer};

/// The version of the format.
const FORMAT: u32 = 1;

/// The first line of a recording.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    evalward_recording: u32,
}

/// What sorts the lines of a finished recording, so that a change of one example is one hunk of a diff.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Order {
    #[serde(rename = "for")]
    label: String,
    kind: String,
    pub(super) key: Digest,
}

/// A line, as far as a replay needs it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "key")]
    _key: Digest,
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(rename = "for")]
    _label: String,
    #[serde(rename = "request")]
    _request: Value,
    #[serde(rename = "sample")]
    _sample: u32,
    answer: Value,
    latency_millis: u64,
}

/// Returns the first line of a recording, without its line end.
pub(super) fn header() -> String {
    format!(r#"{{"evalward_recording":{FORMAT}}}"#)
}

/// Checks the first line of a recording, or says what is wrong with it.
pub(super) fn check_header(line: &str) -> Result<(), String> {
    let Header { evalward_recording: found } = serde_json::from_str(line)
        .map_err(|_| format!("this is no recording; one starts with `{}`", header()))?;
    if found == FORMAT {
        return Ok(());
    }
    Err(format!("the recording has format {found}; this version of evalward reads format {FORMAT}"))
}

/// Writes a line, without its line end; the order of keys is fixed at every depth.
pub(super) fn line(key: Digest, call: CallKey<'_>, label: &str, answer: &TapeAnswer) -> String {
    format!(
        r#"{{"key":"{key}","kind":{},"for":{},"request":{},"sample":{},"answer":{},"latency_millis":{}}}"#,
        Value::from(call.kind),
        Value::from(label),
        canonical_json(call.request),
        call.sample,
        canonical_json(&answer.value),
        answer.latency_millis,
    )
}

/// Reads the place of a line in a finished recording after a check of the whole line, or says what is wrong with it.
pub(super) fn check(line: &str) -> Result<Order, String> {
    answer(line)?;
    order(line)
}

/// Reads the place of a line in a finished recording.
pub(super) fn order(line: &str) -> Result<Order, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

/// Reads the answer of a line; nothing was called for it.
pub(super) fn answer(line: &str) -> Result<TapeAnswer, String> {
    let Entry { answer, latency_millis, .. } =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    Ok(TapeAnswer { value: answer, latency_millis, attempts: 0, cached: false })
}
