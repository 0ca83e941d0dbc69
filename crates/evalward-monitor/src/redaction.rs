//! Masking personal data and secrets in an interaction before anything keeps it. It fails closed: what cannot be made safe is
//! withheld.

use std::borrow::Cow;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use evalward_core::{Digest, Document, Interaction, InteractionId, Response};
use evalward_privacy::{Unmasked, try_redact, try_redact_named};
use serde_json::{Map, Number, Value};

/// The digits of the shortest number that tells who somebody is without a sign beside it: a payment card's.
const SHORTEST_NUMBER: usize = 12;

/// The most levels of a value. A reader of JSON gives up at 128 of them, and a stored value has others around it.
const MAX_LEVELS: usize = 100;

/// Masks every text of an interaction; where that is not possible, the content is withheld with the reason.
pub(crate) fn redact_interaction(mut interaction: Interaction) -> Interaction {
    interaction.id = redact_id(interaction.id);
    if is_too_deep(&interaction) {
        return withhold(interaction, "the content is nested too deeply to be kept");
    }
    let masked = catch_unwind(AssertUnwindSafe(|| mask_content(&mut interaction)));
    let reason = match masked {
        Ok(Ok(())) => return interaction,
        Ok(Err(Unmasked)) => "personal data or a secret is left after masking",
        Err(_) => "masking failed",
    };
    withhold(interaction, reason)
}

/// Masks a text such as a comment; where that is not possible, nothing of it is kept.
pub(crate) fn redact_comment(comment: String) -> Option<String> {
    let masked = catch_unwind(move || {
        let mut comment = comment;
        mask(&mut comment).map(|()| comment)
    });
    masked.ok()?.ok()
}

/// Returns the id under which an interaction is kept: its own, unless that names somebody. It is the same each time, so that
/// repeated interactions and feedback still find each other.
pub(crate) fn redact_id(id: InteractionId) -> InteractionId {
    let mut name = id.as_str().to_owned();
    redact_name(&mut name);
    InteractionId::new(name).unwrap_or(id)
}

/// Replaces a name that tells who somebody is by one that is made from its hash.
fn redact_name(name: &mut String) {
    let is_clean =
        catch_unwind(|| is_plain(name) || evalward_privacy::find(name).is_empty()).unwrap_or(false);
    if !is_clean {
        *name = format!("redacted-{}", Digest::of(name.as_bytes()).short());
    }
}

/// Returns whether an id is made of hexadecimal digits, such as a trace id or a UUID: what looks like a number in it is none.
/// Such an id has letters, and more of them than the country of an account number.
fn is_plain(id: &str) -> bool {
    id.len() >= 16
        && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && id.bytes().filter(u8::is_ascii_alphabetic).count() > 2
}

/// Returns whether a value has more levels than what is stored around it leaves room for.
fn is_too_deep(interaction: &Interaction) -> bool {
    let response = interaction.response.iter();
    let mut arguments = response.clone().flat_map(|it| &it.tool_calls).map(|it| &it.arguments);
    let mut steps = response.flat_map(|it| &it.steps).flat_map(Map::values);
    let mut fields = interaction.input.values().chain(interaction.attributes.values());
    let is_deep = |value: &Value| is_deeper(value, MAX_LEVELS);
    fields.any(is_deep) || arguments.any(is_deep) || steps.any(is_deep)
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let Some(inner) = levels.checked_sub(1) else { return true };
    match value {
        Value::Array(items) => items.iter().any(|item| is_deeper(item, inner)),
        Value::Object(map) => map.values().any(|item| is_deeper(item, inner)),
        _ => false,
    }
}

fn mask_content(interaction: &mut Interaction) -> Result<(), Unmasked> {
    let Interaction {
        id: _,
        trace_id,
        session,
        started_at: _,
        latency_millis: _,
        service,
        version,
        environment,
        input,
        response,
        error,
        withheld,
        attributes,
        // Names of fields and attributes that the mapping knows.
        lineage: _,
    } = interaction;
    if let Some(trace) = trace_id {
        redact_name(trace);
    }
    for text in [session, service, version, environment, error, withheld].into_iter().flatten() {
        mask(text)?;
    }
    mask_map(input)?;
    mask_map(attributes)?;
    response.as_mut().map_or(Ok(()), mask_response)
}

fn mask_response(response: &mut Response) -> Result<(), Unmasked> {
    let Response { output, context, tool_calls, steps, usage: _, model } = response;
    mask(output)?;
    for document in context {
        mask_document(document)?;
    }
    for call in tool_calls {
        if let Some(id) = &mut call.id {
            mask(id)?;
        }
        mask(&mut call.name)?;
        mask_value(&mut call.arguments)?;
    }
    for step in steps {
        mask_map(step)?;
    }
    model.as_mut().map_or(Ok(()), mask)
}

fn mask_document(document: &mut Document) -> Result<(), Unmasked> {
    let Document { id, reference, text, score: _ } = document;
    [id, reference, text].into_iter().flatten().try_for_each(mask)
}

fn mask_value(value: &mut Value) -> Result<(), Unmasked> {
    match value {
        Value::String(text) => mask(text),
        Value::Array(items) => items.iter_mut().try_for_each(mask_value),
        Value::Object(map) => mask_map(map),
        Value::Number(number) => {
            // A card's number is as good without quotation marks.
            let text = digits(number);
            if text.len() >= SHORTEST_NUMBER
                && let Some(masked) = changed(try_redact(&text)?)
            {
                *value = Value::String(masked);
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

/// Masks the value of a field, which its name may give away.
fn mask_field((name, value): (&String, &mut Value)) -> Result<(), Unmasked> {
    let masked = match value {
        Value::String(text) => changed(try_redact_named(name, text)?),
        Value::Number(number) => changed(try_redact_named(name, &digits(number))?),
        other => return mask_value(other),
    };
    if let Some(masked) = masked {
        *value = Value::String(masked);
    }
    Ok(())
}

fn changed(text: Cow<'_, str>) -> Option<String> {
    match text {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
    }
}

/// Returns a number as people write it; one that came as a real number may be whole.
fn digits(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Masks the values and the keys of a map.
fn mask_map<M>(map: &mut M) -> Result<(), Unmasked>
where
    M: Default + IntoIterator<Item = (String, Value)> + FromIterator<(String, Value)>,
    for<'a> &'a mut M: IntoIterator<Item = (&'a String, &'a mut Value)>,
{
    let mut are_clean = true;
    for (key, value) in &mut *map {
        are_clean &= is_clean(key);
        mask_field((key, value))?;
    }
    if !are_clean {
        let masked = mem::take(map).into_iter().map(|(mut key, value)| {
            mask(&mut key)?;
            Ok((key, value))
        });
        *map = masked.collect::<Result<M, Unmasked>>()?;
    }
    Ok(())
}

/// Returns whether a key tells nothing about anybody.
fn is_clean(key: &str) -> bool {
    evalward_privacy::find(key).is_empty()
}

fn mask(text: &mut String) -> Result<(), Unmasked> {
    if let Cow::Owned(masked) = try_redact(text)? {
        *text = masked;
    }
    Ok(())
}

/// Removes everything that could be somebody's, and says why.
fn withhold(interaction: Interaction, reason: &str) -> Interaction {
    let Interaction { id, mut trace_id, started_at, latency_millis, error, .. } = interaction;
    if let Some(trace) = &mut trace_id {
        redact_name(trace);
    }
    Interaction {
        trace_id,
        latency_millis,
        service: kept(interaction.service),
        version: kept(interaction.version),
        environment: kept(interaction.environment),
        // That there was one still decides the stratum.
        error: error.map(|_| "withheld".to_owned()),
        withheld: Some(reason.to_owned()),
        ..Interaction::new(id, started_at)
    }
}

/// Returns a text if nothing in it has to be masked.
fn kept(text: Option<String>) -> Option<String> {
    text.filter(|text| catch_unwind(|| is_clean(text)).unwrap_or(false))
}

#[cfg(test)]
mod tests;
