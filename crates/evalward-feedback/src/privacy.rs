//! What must not be in an example: personal data and secrets.

use std::collections::BTreeSet;

use evalward_core::Example;
use serde_json::Value;

/// Fields that name things on purpose and are not texts of people.
const EXEMPT: [&str; 3] = ["id", "reviews", "sources"];

/// Returns, for each field of an example with personal data or secrets, the field and what was found, such as `input: email`.
/// The values themselves are never told.
pub fn findings_in(example: &Example) -> Vec<String> {
    let mut found = BTreeSet::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(example) {
        for (field, value) in &fields {
            if !EXEMPT.contains(&field.as_str()) {
                search(field, value, &mut found);
            }
        }
    }
    found.into_iter().map(|(field, kind)| format!("{field}: {kind}")).collect()
}

/// Returns what kinds of personal data and secrets a text has.
pub(crate) fn kinds_in(text: &str) -> BTreeSet<String> {
    let findings = evalward_privacy::find(text);
    findings
        .iter()
        .filter(|finding| !finding.is_example)
        .map(|finding| finding.kind.placeholder())
        .map(|placeholder| placeholder.trim_matches(['[', ']']).to_lowercase().replace('_', " "))
        .collect()
}

fn search(field: &str, value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::String(text) => {
            found.extend(kinds_in(text).into_iter().map(|kind| (field.to_owned(), kind)));
        }
        Value::Array(items) => items.iter().for_each(|item| search(field, item, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.extend(kinds_in(key).into_iter().map(|kind| (field.to_owned(), kind)));
            search(field, value, found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
