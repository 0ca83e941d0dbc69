//! Documents that a span carries.

use std::collections::BTreeMap;

use evalward_core::{Document, Finite};
use serde_json::{Map, Value};

use super::attributes::Attributes;
use super::draft::REDACTED;
use super::indexed::numbered;
use super::messages::parsed;
use super::sources::{DOCUMENTS, Form};

/// Takes the documents out of a span, with the name that they came under.
pub(super) fn take(attributes: &mut Attributes) -> Option<(Vec<Document>, &'static str)> {
    for source in &DOCUMENTS {
        let documents = match source.form {
            Form::Indexed => indexed(attributes, source.name),
            _ => listed(attributes.take(source.name)),
        };
        if !documents.is_empty() {
            return Some((documents, source.name.trim_end_matches('.')));
        }
    }
    None
}

fn indexed(attributes: &mut Attributes, prefix: &'static str) -> Vec<Document> {
    let mut documents: BTreeMap<u32, Map<String, Value>> = BTreeMap::new();
    for (name, value) in attributes.starting_with(prefix) {
        let Some((index, field)) = name.strip_prefix(prefix).and_then(numbered) else { continue };
        let field = field.strip_prefix("document.").unwrap_or(field);
        if matches!(field, "id" | "content" | "score") {
            documents.entry(index).or_default().insert(field.to_owned(), value.take());
        }
    }
    documents.into_values().filter_map(document).collect()
}

fn listed(value: Option<Value>) -> Vec<Document> {
    match value.map(parsed) {
        Some(Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| match item {
                Value::Object(fields) => document(fields),
                Value::String(text) => Some(Document::from_text(text)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn document(mut fields: Map<String, Value>) -> Option<Document> {
    let score = match fields.remove("score") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_f64(),
        None => None,
    };
    let id = match fields.remove("id") {
        Some(Value::String(id)) => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let text =
        ["content", "text", "page_content"].iter().find_map(|name| match fields.remove(*name) {
            Some(Value::String(text)) if text != REDACTED => Some(text),
            _ => None,
        });
    if id.is_none() && text.is_none() {
        return None;
    }
    let score = score.and_then(|score| Finite::new(score).ok());
    Some(Document { id, text, score, ..Document::default() })
}
