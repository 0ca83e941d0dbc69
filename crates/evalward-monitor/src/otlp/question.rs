//! The input of a span.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::Attributes;
use super::draft::{Draft, REDACTED};
use super::sources::{Form, INPUT, INSTRUCTIONS, Source};
use super::span::Event;
use super::{events, indexed, messages};

/// What a source holds.
#[derive(Debug)]
pub(super) enum Reading<T> {
    /// Nothing.
    Absent,
    /// Something that was hidden before it was sent.
    Redacted,
    /// A content without any text.
    Silent(T),
    /// A content.
    Full(T),
}

/// What the sources of a field hold together, and which of them it was.
#[derive(Debug)]
pub(super) enum Found<T> {
    Nothing,
    Redacted(&'static str),
    Here(T, &'static str),
}

/// Returns the first content; where there is none, what was hidden; and where nothing was, a content without text.
pub(super) fn first<T>(
    sources: &'static [Source],
    mut read: impl FnMut(&'static Source) -> Reading<T>,
) -> Found<T> {
    let mut found = Found::Nothing;
    for source in sources {
        let name = source.name.trim_end_matches('.');
        found = match (read(source), found) {
            (Reading::Full(content), _) => return Found::Here(content, name),
            (Reading::Redacted, Found::Nothing | Found::Here(..)) => Found::Redacted(name),
            (Reading::Silent(content), Found::Nothing) => Found::Here(content, name),
            (_, found) => found,
        };
    }
    found
}

/// The input in the form of an example's.
pub(super) type Input = BTreeMap<String, Value>;

/// Takes the input out of a span.
pub(super) fn take(attributes: &mut Attributes, events: &mut Vec<Event>) -> Found<Input> {
    let found = first(&INPUT, |source| match source.form {
        Form::Messages => match attributes.take(source.name) {
            Some(value) => match messages::read_list(value, "user") {
                Some(drafts) => conversation(drafts),
                None => Reading::Absent,
            },
            None => Reading::Absent,
        },
        Form::Indexed => conversation(indexed::take(attributes, source.name, "user")),
        Form::Events => conversation(events::take_input(events)),
        Form::Typed(mime) => plain(typed(attributes, source.name, mime)),
        Form::Text => plain(attributes.take(source.name).map(guessed)),
        Form::Vercel => Reading::Absent,
    });
    with_instructions(found, attributes)
}

/// Takes a content out of the attribute of a name, as JSON where the attribute `mime` says that it is.
pub(super) fn typed(attributes: &mut Attributes, name: &str, mime: &str) -> Option<Value> {
    let is_json = attributes.get(mime).and_then(Value::as_str).is_some_and(is_json_type);
    let value = attributes.take(name)?;
    attributes.take(mime);
    Some(if is_json { messages::parsed(value) } else { value })
}

fn is_json_type(mime: &str) -> bool {
    mime.to_ascii_lowercase().contains("json")
}

/// Returns the JSON that a text holds, where it looks like some.
pub(super) fn guessed(value: Value) -> Value {
    match &value {
        Value::String(text) if text.trim_start().starts_with(['{', '[', '"']) => {
            messages::parsed(value)
        }
        _ => value,
    }
}

/// Puts instructions that came apart before the messages.
fn with_instructions(found: Found<Input>, attributes: &mut Attributes) -> Found<Input> {
    if attributes.get(INSTRUCTIONS).is_none() {
        return found;
    }
    let (mut input, name) = match found {
        Found::Here(input, name) => (input, name),
        other => return other,
    };
    if let Some(Value::Array(list)) = input.get_mut("messages") {
        let texts = attributes.take(INSTRUCTIONS).map(messages::texts).unwrap_or_default();
        let draft = Draft { texts, ..Draft::of("system") };
        if draft.is_redacted() {
            return Found::Redacted(INSTRUCTIONS);
        }
        if !draft.is_silent() {
            list.insert(0, draft.into_message());
        }
    }
    Found::Here(input, name)
}

fn conversation(drafts: Vec<Draft>) -> Reading<Input> {
    if drafts.is_empty() {
        return Reading::Absent;
    }
    if drafts.iter().any(Draft::is_redacted) {
        return Reading::Redacted;
    }
    let is_silent = drafts.iter().all(Draft::is_silent);
    let messages = drafts.into_iter().map(Draft::into_message).collect();
    let input = BTreeMap::from([("messages".to_owned(), Value::Array(messages))]);
    if is_silent { Reading::Silent(input) } else { Reading::Full(input) }
}

fn plain(value: Option<Value>) -> Reading<Input> {
    match value {
        None | Some(Value::Null) => Reading::Absent,
        Some(Value::String(text)) if text == REDACTED => Reading::Redacted,
        Some(Value::String(text)) if text.trim().is_empty() => Reading::Absent,
        Some(Value::Object(fields)) if fields.is_empty() => Reading::Absent,
        Some(Value::Array(items)) if items.is_empty() => Reading::Absent,
        Some(Value::Array(items)) if items.iter().all(messages::is_message) => {
            conversation(messages::read_list(Value::Array(items), "user").unwrap_or_default())
        }
        Some(Value::Object(mut fields)) => {
            let list = fields.get("messages").and_then(Value::as_array);
            let is_conversation = list.is_some_and(|list| list.iter().all(messages::is_message));
            if is_conversation && let Some(list) = fields.remove("messages") {
                let drafts = messages::read_list(list, "user").unwrap_or_default();
                match conversation(drafts) {
                    Reading::Full(mut input) | Reading::Silent(mut input) => {
                        fields.extend(input.pop_last());
                    }
                    other => return other,
                }
            }
            Reading::Full(fields.into_iter().collect())
        }
        Some(Value::String(text)) => question(text),
        Some(other) => question(other.to_string()),
    }
}

fn question(text: String) -> Reading<Input> {
    Reading::Full(BTreeMap::from([("question".to_owned(), Value::String(text))]))
}
