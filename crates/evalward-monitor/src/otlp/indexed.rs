//! Messages that come as one attribute for each of their fields: `llm.input_messages.0.message.role`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::Attributes;
use super::draft::Draft;
use super::messages;

/// Takes the messages under a prefix such as `llm.input_messages.`, in their order; names that mean nothing stay.
pub(super) fn take(
    attributes: &mut Attributes,
    prefix: &'static str,
    default_role: &str,
) -> Vec<Draft> {
    let mut drafts: BTreeMap<u32, Indexed> = BTreeMap::new();
    for (name, value) in attributes.starting_with(prefix) {
        let Some((index, field)) = name.strip_prefix(prefix).and_then(numbered) else { continue };
        let field = ["message.", "prompt.", "completion."]
            .iter()
            .find_map(|wrapper| field.strip_prefix(wrapper))
            .unwrap_or(field);
        drafts.entry(index).or_default().add(field, value);
    }
    drafts.into_values().map(|indexed| indexed.into_draft(default_role)).collect()
}

/// A message of which the fields come in the order of their names.
#[derive(Default)]
struct Indexed {
    draft: Draft,
    /// The texts of its parts, by their place.
    parts: BTreeMap<u32, String>,
}

impl Indexed {
    fn add(&mut self, field: &str, value: &mut Value) {
        if let Some((place, field)) = field.strip_prefix("contents.").and_then(numbered) {
            match field {
                "message_content.text" => {
                    self.parts
                        .extend(messages::text_of(Some(value.take())).map(|text| (place, text)));
                }
                "message_content.type" if value.as_str() == Some("text") => *value = Value::Null,
                _ => {}
            }
        } else if let Some((place, field)) = field.strip_prefix("tool_calls.").and_then(numbered) {
            self.add_call(place, field, value);
        } else {
            self.add_plain(field, value);
        }
    }

    fn add_plain(&mut self, field: &str, value: &mut Value) {
        let draft = &mut self.draft;
        match field {
            "role" => draft.role = messages::text_of(Some(value.take())).unwrap_or_default(),
            "content" | "text" => match value.take() {
                // Several parts were written into one attribute.
                Value::String(text) if text.starts_with("[{\"") => {
                    draft.texts.extend(messages::texts(Value::String(text)));
                }
                Value::String(text) => draft.texts.push(text),
                Value::Null => {}
                other => draft.texts.push(other.to_string()),
            },
            "finish_reason" => draft.finish_reason = messages::text_of(Some(value.take())),
            "name" | "tool_call_id" => {
                draft.more.insert(field.to_owned(), value.take());
            }
            "function_call_name" => {
                let name = messages::text_of(Some(value.take()));
                draft.calls.entry(0).or_default().name = name.unwrap_or_default();
            }
            "function_call_arguments_json" => {
                draft.calls.entry(0).or_default().arguments = value.take();
            }
            _ => {}
        }
    }

    fn add_call(&mut self, place: u32, field: &str, value: &mut Value) {
        let field = field.strip_prefix("tool_call.").unwrap_or(field);
        let field = field.strip_prefix("function.").unwrap_or(field);
        if !matches!(field, "id" | "name" | "arguments") {
            return;
        }
        let call = self.draft.calls.entry(place).or_default();
        match field {
            "id" => call.id = messages::text_of(Some(value.take())),
            "name" => call.name = messages::text_of(Some(value.take())).unwrap_or_default(),
            _ => call.arguments = value.take(),
        }
    }

    fn into_draft(self, default_role: &str) -> Draft {
        let mut draft = self.draft;
        draft.texts.extend(self.parts.into_values());
        if draft.role.is_empty() {
            default_role.clone_into(&mut draft.role);
        }
        draft
    }
}

/// Splits `3.message.role` into 3 and `message.role`.
pub(super) fn numbered(text: &str) -> Option<(u32, &str)> {
    let (index, rest) = text.split_once('.')?;
    Some((index.parse().ok()?, rest))
}
