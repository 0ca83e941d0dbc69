//! JSON syntax and JSON Schema.

use std::ops::Range;

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::error::Category;

use super::assessment::Assessment;
use super::json_place::span_of;
use crate::wording::{cut, excerpt, quoted, span_with_text, whole};
use crate::{MetricError, Place};

/// A schema can list many values and names in a message.
const SENTENCE_CHARACTERS: usize = 300;

/// The output must be JSON, or must not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonRule {
    pub(crate) expected: bool,
}

/// The output must be JSON that fits a schema.
#[derive(Debug)]
pub(crate) struct SchemaRule {
    validator: Validator,
}

impl JsonRule {
    pub(crate) const NAME: &'static str = "valid_json";

    pub(crate) fn assess(self, text: &str) -> Assessment {
        match (syntax_error(text), self.expected) {
            (None, true) | (Some(_), false) => Assessment::passed(),
            (Some(broken), true) => broken,
            (None, false) => Assessment::failed("is JSON, expected something else", whole(text)),
        }
    }
}

/// Returns what keeps the text from being exactly one JSON value, at any depth of nesting.
fn syntax_error(text: &str) -> Option<Assessment> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let problem = if text.trim_start().starts_with("```") {
        "is not JSON but a code fence; the value must stand alone".to_owned()
    } else {
        format!("is not JSON: {error}")
    };
    let span = place_of_error(text, &error);
    let spans = [span_with_text(text, &span)];
    let broken = Assessment::failed(problem, spans).with("offset", span.start);
    Some(broken.with("line", error.line()).with("column", error.column()))
}

/// Returns the character at which the parser stopped; the end of the text is an empty place.
fn place_of_error(text: &str, error: &serde_json::Error) -> Range<usize> {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line_start: usize = lines.map(str::len).sum();
    let is_at_end = error.classify() == Category::Eof;
    let at = if is_at_end { text.len() } else { line_start + error.column().saturating_sub(1) };
    let start = text.floor_char_boundary(at);
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..start + length
}

impl SchemaRule {
    pub(crate) const NAME: &'static str = "json_schema";

    /// Compiles a schema. References outside it are refused, `format` is checked where the format is known, and patterns run in
    /// linear time, which is why look-around is refused.
    pub(crate) fn compile(schema: &Value, place: &Place) -> Result<Self, MetricError> {
        let place = place.at(Self::NAME);
        if !schema.is_object() {
            let found = excerpt(&schema.to_string());
            return Err(MetricError::SchemaNotAnObject { place, found });
        }
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map_err(|source| MetricError::Schema { place, source })?;
        Ok(Self { validator })
    }

    pub(crate) fn assess(&self, text: &str) -> Assessment {
        if let Some(broken) = syntax_error(text) {
            return broken;
        }
        // Text that is JSON can still nest too deeply, or hold numbers too large, to be read.
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => return Assessment::errored(format!("the JSON cannot be read: {error}")),
        };
        let mut errors = self.validator.iter_errors(&value);
        let Some(first) = errors.next() else {
            return Assessment::passed();
        };
        let more = match errors.count() {
            0 => String::new(),
            1 => ", and 1 more place".to_owned(),
            more => format!(", and {more} more places"),
        };
        let pointer = first.instance_path().to_string();
        let problem = format!("{}{}{more}", place_in_value(&pointer), sentence(&first));
        let span = span_of(text, &pointer).unwrap_or(0..text.len());
        Assessment::failed(problem, [span_with_text(text, &span)])
            .with("pointer", pointer)
            .with("schema_pointer", first.schema_path().to_string())
    }
}

fn place_in_value(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("at {}, ", quoted(pointer)) }
}

/// The value is cut by itself, so that a large one does not push out what is wrong with it.
fn sentence(error: &ValidationError<'_>) -> String {
    let value = excerpt(&error.instance().to_string());
    cut(&error.masked_with(value).to_string(), SENTENCE_CHARACTERS)
}
