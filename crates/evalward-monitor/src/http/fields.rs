//! Taking a JSON object apart field by field, so that each mistake names its field.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What is wrong with an object, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// The field, as a JSON pointer; empty for the object itself.
    pub(super) field: String,
    /// What is wrong and what to do.
    pub(super) reason: String,
}

impl Flaw {
    pub(super) fn new(field: &str, reason: impl Into<String>) -> Self {
        let field = match field {
            "" => String::new(),
            name => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        };
        Self { field, reason: reason.into() }
    }
}

/// The fields of an object that were not taken yet; null counts as absent.
#[derive(Debug)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Takes an object apart that has no fields but these.
    pub(super) fn of(value: Value, known: &[&str]) -> Result<Self, Flaw> {
        let fields = match value {
            Value::Object(fields) => fields,
            other => {
                return Err(Flaw::new("", format!("this is {}; send an object", kind(&other))));
            }
        };
        // Before a missing field is told: it may be there under a misspelt name.
        match fields.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(Self(fields)),
            Some(name) => {
                let known = known.join(", ");
                Err(Flaw::new(name, format!("this field is unknown; the fields are {known}")))
            }
        }
    }

    /// Takes a field as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text of at least one character, without control characters.
    pub(super) fn word(&mut self, name: &str) -> Result<Option<String>, Flaw> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if text.trim().is_empty() {
            return Err(Flaw::new(name, "this is empty; leave it out or send a text"));
        }
        if text.chars().any(char::is_control) {
            return Err(Flaw::new(name, "this has a control character; remove it"));
        }
        Ok(Some(text))
    }

    /// Takes a text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Flaw> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(Flaw::new(name, format!("this is {}; send a text", kind(&other)))),
        }
    }

    /// Takes an object.
    pub(super) fn object(&mut self, name: &str) -> Result<Option<Map<String, Value>>, Flaw> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(fields)),
            Some(other) => {
                Err(Flaw::new(name, format!("this is {}; send an object", kind(&other))))
            }
        }
    }

    /// Takes a value of a type that can read itself.
    pub(super) fn read<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Flaw> {
        let Some(value) = self.take(name) else { return Ok(None) };
        serde_json::from_value(value)
            .map(Some)
            .map_err(|error| Flaw::new(name, without_place(&error)))
    }
}

/// Returns what a value is, with its article.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns what an error of JSON says without its place, where that counts from the start of a part.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => text,
    }
}
