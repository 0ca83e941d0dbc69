//! The output of a span.

use evalward_core::ToolCall;
use serde_json::Value;

use super::attributes::Attributes;
use super::draft::{Draft, REDACTED};
use super::question::{Found, Reading, first, guessed, typed};
use super::sources::{Form, OUTPUT};
use super::span::Event;
use super::{events, indexed, messages};

/// What a model answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) finish_reason: Option<String>,
    pub(super) reasoning: Option<Value>,
    /// The other choices, where several were asked for.
    pub(super) more: Vec<Value>,
}

/// Takes the output out of a span.
pub(super) fn take(attributes: &mut Attributes, events: &mut Vec<Event>) -> Found<Answer> {
    first(&OUTPUT, |source| match source.form {
        Form::Messages => match attributes.take(source.name) {
            Some(value) => match messages::read_list(value, "assistant") {
                Some(drafts) => choices(drafts),
                None => Reading::Absent,
            },
            None => Reading::Absent,
        },
        Form::Indexed => choices(indexed::take(attributes, source.name, "assistant")),
        Form::Events => choices(events::take_choices(events)),
        Form::Typed(mime) => plain(typed(attributes, source.name, mime)),
        Form::Text => plain(attributes.take(source.name).map(guessed)),
        Form::Vercel => vercel(attributes, source.name),
    })
}

/// Takes the first choice that says something as the answer.
fn choices(mut drafts: Vec<Draft>) -> Reading<Answer> {
    if drafts.is_empty() {
        return Reading::Absent;
    }
    if drafts.iter().any(Draft::is_redacted) {
        return Reading::Redacted;
    }
    let place = drafts.iter().position(|draft| !draft.is_silent());
    let mut draft = drafts.remove(place.unwrap_or(0));
    let answer = Answer {
        tool_calls: draft.tool_calls(),
        finish_reason: draft.finish_reason.take(),
        reasoning: draft.more.remove("reasoning"),
        text: draft.text(),
        more: drafts.into_iter().map(Draft::into_message).collect(),
    };
    if place.is_some() { Reading::Full(answer) } else { Reading::Silent(answer) }
}

fn plain(value: Option<Value>) -> Reading<Answer> {
    let value = match value {
        None | Some(Value::Null) => return Reading::Absent,
        Some(value) => value,
    };
    match value {
        Value::String(text) => said(text),
        Value::Array(items) if !items.is_empty() && items.iter().all(messages::is_message) => {
            last_of(items)
        }
        Value::Object(mut fields) => {
            let is_conversation =
                |list: &Vec<Value>| !list.is_empty() && list.iter().all(messages::is_message);
            if fields.get("messages").and_then(Value::as_array).is_some_and(is_conversation)
                && let Some(Value::Array(list)) = fields.remove("messages")
            {
                return last_of(list);
            }
            let choice = fields.get_mut("choices").and_then(|choices| choices.get_mut(0));
            if let Some(message) = choice.and_then(|choice| choice.get_mut("message")) {
                return last_of(vec![message.take()]);
            }
            let value = Value::Object(fields);
            if messages::is_message(&value) {
                return last_of(vec![value]);
            }
            said(value.to_string())
        }
        other => said(other.to_string()),
    }
}

/// Reads the answer out of a conversation that ends with it.
fn last_of(mut messages: Vec<Value>) -> Reading<Answer> {
    let last = messages.split_off(messages.len().saturating_sub(1));
    choices(messages::read_list(Value::Array(last), "assistant").unwrap_or_default())
}

fn said(text: String) -> Reading<Answer> {
    if text == REDACTED {
        return Reading::Redacted;
    }
    let is_silent = text.is_empty();
    let answer = Answer { text, ..Answer::default() };
    if is_silent { Reading::Silent(answer) } else { Reading::Full(answer) }
}

fn vercel(attributes: &mut Attributes, prefix: &str) -> Reading<Answer> {
    let mut take = |name: &str| attributes.take(&format!("{prefix}{name}"));
    let (text, object, calls) = (take("text"), take("object"), take("toolCalls"));
    if text.is_none() && object.is_none() && calls.is_none() {
        return Reading::Absent;
    }
    let mut draft = Draft::of("assistant");
    draft.texts.extend(messages::text_of(text).or_else(|| {
        object.map(|object| {
            messages::text_of(Some(object.clone())).unwrap_or_else(|| object.to_string())
        })
    }));
    if let Some(Value::Array(calls)) = calls.map(messages::parsed) {
        for call in calls {
            if let Value::Object(call) = call {
                draft.push_call(messages::read_call(call));
            }
        }
    }
    draft.finish_reason =
        messages::text_of(attributes.get(&format!("{prefix}finishReason")).cloned());
    choices(vec![draft])
}
