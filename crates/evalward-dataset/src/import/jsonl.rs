//! JSON lines: examples with their partition, or objects of any shape with mappings.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::FieldMapping;
use super::convert::Raw;
use super::mapping::put;
use crate::DatasetError;
use crate::lines::Records;
use crate::suggest::quoted_list;

pub(super) fn read(
    path: &Path,
    mappings: &[FieldMapping],
    ignored: &mut BTreeSet<String>,
    add: &mut dyn FnMut(Raw) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let mut records = Records::<Map<String, Value>>::open(path, path.into())?;
    let mut unmatched: Vec<&FieldMapping> = mappings.iter().collect();
    let mut is_empty = true;
    while let Some(object) = records.advance() {
        let object = object?;
        is_empty = false;
        let fields = if mappings.is_empty() {
            object
        } else {
            if mappings.iter().all(|mapping| mapping.find(&object).is_none()) {
                let known: Vec<_> = object.keys().collect();
                let problem =
                    format!("no mapping matches; the line has the fields {}", quoted_list(&known));
                return Err(DatasetError::malformed(records.lines.place(1), problem));
            }
            unmatched.retain(|mapping| mapping.find(&object).is_none());
            ignored.extend(unread(&object, mappings));
            mapped(&object, mappings)
        };
        add(Raw { place: records.lines.place(1), label: String::new(), fields })?;
    }
    match unmatched.first() {
        Some(mapping) if !is_empty => {
            Err(mapping.unmatched(format!("no line has a field `{}`", mapping.source())))
        }
        _ => Ok(()),
    }
}

fn mapped(object: &Map<String, Value>, mappings: &[FieldMapping]) -> Map<String, Value> {
    let mut fields = Map::new();
    for mapping in mappings {
        if let Some(value) = mapping.find(object) {
            put(&mut fields, mapping.target(), shaped(mapping.target(), value.clone()));
        }
    }
    fields
}

fn unread(object: &Map<String, Value>, mappings: &[FieldMapping]) -> impl Iterator<Item = String> {
    object
        .keys()
        .filter(|key| {
            !mappings.iter().any(|mapping| {
                let rest = mapping.source().strip_prefix(key.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
        .cloned()
}

/// Gives a value the shape that its field wants: other tools write answers as numbers and single values where we have lists.
fn shaped(target: &str, value: Value) -> Value {
    match (target, value) {
        ("id" | "expected_output" | "cluster", value @ (Value::Number(_) | Value::Bool(_))) => {
            value.to_string().into()
        }
        ("tags", Value::String(text)) => split_list(&text),
        ("acceptable_outputs" | "context", Value::String(text)) => json!([text]),
        (_, value) => value,
    }
}

/// Splits `a|b`; a text that is a JSON list is read as such.
pub(super) fn split_list(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Array(items)) => Value::Array(items),
        _ => text.split('|').map(str::trim).filter(|item| !item.is_empty()).collect(),
    }
}
