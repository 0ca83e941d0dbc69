//! The lines of a file of responses.

use evalward_core::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A line: whom it answers, and what.
#[derive(Debug, PartialEq)]
pub(crate) struct RecordedLine {
    pub(crate) id: String,
    /// The response, or why there is none.
    pub(crate) response: Result<Response, String>,
    pub(crate) latency_millis: u64,
    /// The number of the attempt at the example, from 1.
    pub(crate) trial: u64,
}

/// Reads a line, or says what is wrong with it.
pub(crate) fn read(line: &str) -> Result<RecordedLine, String> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    let latency_millis = fields.remove("latency_millis").and_then(|value| value.as_u64());
    let row_id = fields.remove("example_id");
    let is_row = row_id.is_some();
    let id = row_id.or_else(|| fields.remove("id")).ok_or("it has no `id`")?;
    let Value::String(id) = id else { return Err("its `id` is not a text".to_owned()) };
    let response = match fields.remove("response") {
        None | Some(Value::Null) if is_row => Err(absence(&fields)),
        Some(response) if is_row || fields.is_empty() => Ok(read_response(response)?),
        Some(_) => return Err(unknown(&fields)),
        None => Ok(read_response(Value::Object(std::mem::take(&mut fields)))?),
    };
    let trial = fields.get("trial").and_then(Value::as_u64).unwrap_or(1);
    Ok(RecordedLine { id, response, latency_millis: latency_millis.unwrap_or(0), trial })
}

fn read_response(response: Value) -> Result<Response, String> {
    Response::deserialize(response).map_err(|error| error.to_string())
}

/// Says why a row of a run has no response.
fn absence(row: &Map<String, Value>) -> String {
    let text = |name| row.get(name).and_then(Value::as_str);
    let cause = text("cause").map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("the example was {} there{cause}", text("outcome").unwrap_or("not answered"))
}

fn unknown(fields: &Map<String, Value>) -> String {
    let names: Vec<_> = fields.keys().map(|name| format!("`{name}`")).collect();
    format!("it has {} beside `response`", names.join(", "))
}
