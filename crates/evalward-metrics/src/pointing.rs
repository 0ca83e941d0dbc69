//! What a JSON Pointer into an example points at.

use std::borrow::Cow;

use evalward_core::Example;
use serde_json::Value;

use crate::{MetricError, Place};

/// A JSON Pointer into an example, such as `/metadata/relevant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExamplePointer(String);

impl ExamplePointer {
    /// Takes a pointer, which must start with a slash.
    pub(crate) fn new(rule: &'static str, pointer: &str) -> Result<Self, MetricError> {
        if pointer.starts_with('/') {
            return Ok(Self(pointer.to_owned()));
        }
        let why = "a JSON Pointer into the example starts with `/`, as in `/metadata/key`";
        Err(MetricError::Setting { place: Place::of_rule(rule), why })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what the pointer points at; `null` counts as nothing.
    pub(crate) fn find<'a>(&self, example: &'a Example) -> Option<Cow<'a, Value>> {
        let mut steps = self.0.splitn(4, '/').skip(1);
        let root = match steps.next() {
            Some("metadata") => Some(&example.metadata),
            Some("input") => Some(&example.input),
            _ => None,
        };
        let found = if let (Some(map), Some(key)) = (root, steps.next()) {
            let value = map.get(&unescaped(key))?;
            let below = steps.next().map_or_else(String::new, |rest| format!("/{rest}"));
            Cow::Borrowed(value.pointer(&below)?)
        } else {
            let whole = serde_json::to_value(example).ok()?;
            Cow::Owned(whole.pointer(&self.0)?.clone())
        };
        (!found.is_null()).then_some(found)
    }
}

/// Appends a step to a JSON Pointer.
pub(crate) fn push_step(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}
