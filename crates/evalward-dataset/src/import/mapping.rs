//! `target=source`: which field of a file goes into which field of an example.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::convert::FIELDS;
use crate::DatasetError;
use crate::suggest::unknown_name;

/// Where one field of an example comes from, written `target=source`.
///
/// The target is a field of an example, `partition`, `input.<field>` or `metadata.<field>`. The source is a column, or a path
/// with dots into a JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMapping {
    target: String,
    source: String,
}

impl FieldMapping {
    /// Returns the field of the example.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Returns the column or path in the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the value that the source names in an object: a field of that very name, or else a path.
    pub(super) fn find<'a>(&self, object: &'a Map<String, Value>) -> Option<&'a Value> {
        if let Some(value) = object.get(&self.source) {
            return Some(value);
        }
        let (first, rest) = self.source.split_once('.')?;
        rest.split('.').try_fold(object.get(first)?, |value, step| match value {
            Value::Object(map) => map.get(step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub(super) fn unmatched(&self, problem: impl Into<String>) -> DatasetError {
        DatasetError::Mapping { mapping: self.to_string(), problem: problem.into() }
    }
}

impl fmt::Display for FieldMapping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.target, self.source)
    }
}

impl FromStr for FieldMapping {
    type Err = DatasetError;

    fn from_str(text: &str) -> Result<Self, DatasetError> {
        let refuse = |problem| DatasetError::Mapping { mapping: text.to_owned(), problem };
        let (target, source) = text
            .split_once('=')
            .map(|(target, source)| (target.trim(), source.trim()))
            .filter(|(target, source)| !target.is_empty() && !source.is_empty())
            .ok_or_else(|| refuse("a mapping is written `target=source`".to_owned()))?;
        check_target(target).map_err(refuse)?;
        Ok(Self { target: target.to_owned(), source: source.to_owned() })
    }
}

/// Returns what is wrong with the name of a target.
pub(super) fn check_target(target: &str) -> Result<(), String> {
    match target.split_once('.') {
        Some(("input" | "metadata", field)) if !field.is_empty() => Ok(()),
        Some((field, _)) if FIELDS.contains(&field) => {
            Err("only `input` and `metadata` have fields of their own".to_owned())
        }
        None if FIELDS.contains(&target) => Ok(()),
        _ => Err(unknown_name("unknown field", target, &FIELDS)),
    }
}

/// Puts a value at a target of an example's fields.
pub(super) fn put(fields: &mut Map<String, Value>, target: &str, value: Value) {
    match target.split_once('.') {
        None => {
            fields.insert(target.to_owned(), value);
        }
        Some((field, inner)) => {
            let entry = fields.entry(field).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(map) = entry {
                map.insert(inner.to_owned(), value);
            }
        }
    }
}
