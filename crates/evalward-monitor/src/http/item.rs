//! One item of `POST /api/v1/interactions` as it is sent, and the interaction that it says.

use std::collections::BTreeMap;

use evalward_core::{Document, Interaction, InteractionId, Response, Timestamp, Usage};
use serde_json::Value;

use super::fields::{Fields, Flaw, kind};

const KNOWN: [&str; 16] = [
    "id",
    "trace_id",
    "session",
    "started_at",
    "latency_millis",
    "service",
    "version",
    "environment",
    "input",
    "output",
    "response",
    "context",
    "model",
    "usage",
    "error",
    "attributes",
];

/// Reads an item; `now` stands in where it does not say when the request came in.
pub(super) fn interaction(value: Value, now: Timestamp) -> Result<Interaction, Flaw> {
    let mut fields = Fields::of(value, &KNOWN)?;
    let id = id(&mut fields, "id")?;
    let started_at = moment(&mut fields)?.unwrap_or(now);
    let mut interaction = Interaction::new(id, started_at);
    interaction.trace_id = fields.word("trace_id")?;
    interaction.session = fields.word("session")?;
    interaction.latency_millis = millis(&mut fields)?;
    interaction.service = fields.word("service")?;
    interaction.version = fields.word("version")?;
    interaction.environment = fields.word("environment")?;
    interaction.input = input(&mut fields)?;
    // Many a sender writes an empty text where nothing went wrong.
    interaction.error = fields.text("error")?.filter(|error| !error.trim().is_empty());
    let attributes = fields.object("attributes")?;
    interaction.attributes = attributes.into_iter().flatten().collect();
    interaction.response = response(&mut fields, &mut interaction.attributes)?;
    Ok(interaction)
}

/// Takes the required id of an interaction.
pub(super) fn id(fields: &mut Fields, name: &str) -> Result<InteractionId, Flaw> {
    let Some(text) = fields.text(name)? else {
        return Err(Flaw::new(name, "this is missing; send the id of the interaction"));
    };
    InteractionId::new(text).map_err(|error| Flaw::new(name, error.to_string()))
}

fn moment(fields: &mut Fields) -> Result<Option<Timestamp>, Flaw> {
    let Some(text) = fields.text("started_at")? else { return Ok(None) };
    let moment = text.parse().map_err(|_| {
        Flaw::new("started_at", "this is no RFC 3339 time; send one such as `2026-11-03T14:22:07Z`")
    })?;
    Ok(Some(moment))
}

fn millis(fields: &mut Fields) -> Result<Option<u64>, Flaw> {
    match fields.take("latency_millis") {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(millis) => Ok(Some(millis)),
            None => Err(Flaw::new(
                "latency_millis",
                "this is no whole number from 0; send milliseconds without a fraction",
            )),
        },
    }
}

fn input(fields: &mut Fields) -> Result<BTreeMap<String, Value>, Flaw> {
    match fields.take("input") {
        Some(Value::Object(input)) if input.is_empty() => {
            Err(Flaw::new("input", "this is empty; send what the user asked"))
        }
        Some(Value::Object(input)) => Ok(input.into_iter().collect()),
        Some(question @ Value::String(_)) => Ok([("question".to_owned(), question)].into()),
        Some(other) => {
            let reason = format!("this is {}; send an object or a text", kind(&other));
            Err(Flaw::new("input", reason))
        }
        None => Err(Flaw::new("input", "this is missing; send an object or a text")),
    }
}

fn response(
    fields: &mut Fields,
    attributes: &mut BTreeMap<String, Value>,
) -> Result<Option<Response>, Flaw> {
    let output = fields.text("output")?;
    let whole: Option<Response> = fields.read("response")?;
    if whole.is_some() {
        if output.is_some() {
            return Err(Flaw::new("output", "send either `output` or `response`"));
        }
        for name in ["context", "model", "usage"] {
            if fields.take(name).is_some() {
                return Err(Flaw::new(name, "this is a field of `response` where one is sent"));
            }
        }
        return Ok(whole);
    }
    let context: Option<Vec<Document>> = fields.read("context")?;
    let model = fields.word("model")?;
    let usage: Option<Usage> = fields.read("usage")?;
    let context = context.unwrap_or_default();
    if let Some(output) = output {
        return Ok(Some(Response { output, context, model, usage, ..Response::default() }));
    }
    // A call without an answer has no response to hold these, and they still tell what was tried.
    attributes.extend(model.map(|model| ("model".to_owned(), model.into())));
    attributes.extend(usage.map(|usage| ("usage".to_owned(), json(&usage))));
    if !context.is_empty() {
        attributes.insert("context".to_owned(), json(&context));
    }
    Ok(None)
}

fn json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
