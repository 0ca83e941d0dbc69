//! Assertions on JSON.

use evalward_core::Rules;
use serde_json::{Value, json};

use super::demand::Translated;
use super::read::Assertion;
use crate::node::parse_yaml;

/// `is-json`, with a schema or without.
pub(super) fn is_json(assertion: &Assertion, value: Value) -> Result<Translated, String> {
    let schema = match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => {
            let file = assertion.place.file.clone();
            let node = parse_yaml(&text, &file)
                .map_err(|error| format!("its schema: {}", error.reason))?;
            Some(node.to_json())
        }
        schema => Some(schema),
    };
    let Some(mut schema) = schema else {
        let rules = Rules { valid_json: Some(!assertion.is_negated), ..Rules::default() };
        return Ok(Translated::rules(rules));
    };
    if assertion.is_negated {
        return Err("no rule says that an output does not fit a schema".to_owned());
    }
    // promptfoo reads a schema by draft 7 unless it says another.
    if let Value::Object(keys) = &mut schema
        && !keys.contains_key("$schema")
    {
        keys.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    }
    Ok(Translated::rules(Rules { json_schema: Some(schema), ..Rules::default() }))
}
