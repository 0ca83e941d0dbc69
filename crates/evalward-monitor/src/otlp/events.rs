//! Messages that come as events of the span, one each: how the OpenTelemetry conventions had it up to 1.36.

use serde_json::Value;

use super::draft::Draft;
use super::messages;
use super::span::{Event, object};

/// The name that lineage gives messages of events.
pub(super) const INPUT_EVENTS: &str = "gen_ai.*.message";

/// Takes the input's messages out of the events.
pub(super) fn take_input(events: &mut Vec<Event>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for event in take(events, |name| role_of(name).is_some()) {
        let role = role_of(&event.name).unwrap_or("user");
        let mut message = body(event);
        if let Value::Object(fields) = &mut message
            && role == "tool"
            && let Some(id) = fields.remove("id")
        {
            fields.insert("tool_call_id".to_owned(), id);
        }
        messages::read(message, role, &mut drafts);
    }
    drafts
}

/// Takes the choices out of the events, the first of them first.
pub(super) fn take_choices(events: &mut Vec<Event>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for event in take(events, |name| name == "gen_ai.choice") {
        let Value::Object(mut fields) = body(event) else { continue };
        let finish_reason = messages::text_of(fields.remove("finish_reason"));
        let before = drafts.len();
        let message = match fields.remove("message").map(messages::parsed) {
            Some(text @ Value::String(_)) => serde_json::json!({"content": text}),
            Some(message) => message,
            None => {
                fields.remove("index");
                Value::Object(fields)
            }
        };
        messages::read(message, "assistant", &mut drafts);
        for draft in drafts.iter_mut().skip(before) {
            draft.finish_reason = draft.finish_reason.take().or_else(|| finish_reason.clone());
        }
    }
    drafts
}

/// Takes the attributes of events of one name.
pub(super) fn take_named(events: &mut Vec<Event>, wanted: &str) -> Vec<(String, Value)> {
    take(events, |name| name == wanted).into_iter().flat_map(|event| event.attributes).collect()
}

/// Returns whether there is a message among the events.
pub(super) fn has_messages(events: &[Event]) -> bool {
    events.iter().any(|event| role_of(&event.name).is_some() || event.name == "gen_ai.choice")
}

fn take(events: &mut Vec<Event>, is_wanted: impl Fn(&str) -> bool) -> Vec<Event> {
    events.extract_if(.., |event| is_wanted(&event.name)).collect()
}

fn role_of(name: &str) -> Option<&'static str> {
    match name {
        "gen_ai.system.message" => Some("system"),
        "gen_ai.user.message" => Some("user"),
        "gen_ai.assistant.message" => Some("assistant"),
        "gen_ai.tool.message" => Some("tool"),
        _ => None,
    }
}

/// Returns the message of an event: its attributes, or the JSON that one of them holds.
fn body(event: Event) -> Value {
    let mut fields = object(event.attributes);
    for name in ["gen_ai.system", "gen_ai.provider.name", "event.name"] {
        fields.remove(name);
    }
    for name in ["gen_ai.event.content", "event.body", "body"] {
        if let Some(text) = fields.remove(name) {
            return match messages::parsed(text) {
                text @ Value::String(_) => serde_json::json!({"content": text}),
                message => message,
            };
        }
    }
    Value::Object(fields)
}
