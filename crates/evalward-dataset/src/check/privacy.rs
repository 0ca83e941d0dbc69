//! Secrets and personal data in the texts of an example; the values themselves are never shown.

use std::collections::BTreeSet;

use evalward_core::Example;
use serde_json::Value;

use crate::finding::{Finding, FindingCode, Findings};
use crate::json::column_in_string;
use crate::{Located, Place};

/// Fields that name people and files on purpose.
const EXEMPT: [&str; 3] = ["id", "reviews", "sources"];

pub(super) fn check_privacy(example: &Located<Example>, line: &str, findings: &mut Findings) {
    let Ok(Value::Object(fields)) = serde_json::to_value(&example.value) else { return };
    for (field, value) in &fields {
        if !EXEMPT.contains(&field.as_str()) {
            let mut scan = Scan { example, line, findings, field, seen: BTreeSet::new() };
            scan.value(value);
        }
    }
}

/// The search through one field; each kind is reported once.
struct Scan<'a> {
    example: &'a Located<Example>,
    line: &'a str,
    findings: &'a mut Findings,
    field: &'a str,
    seen: BTreeSet<&'static str>,
}

impl Scan<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                self.text(key);
                self.value(value);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        for found in evalward_privacy::find(text) {
            let placeholder = found.kind.placeholder();
            if found.is_example || !self.seen.insert(placeholder) {
                continue;
            }
            let kind = placeholder.trim_matches(['[', ']']).to_lowercase().replace('_', " ");
            let (code, hint) = if found.kind.is_secret() {
                (FindingCode::Secret, "replace it by a made-up value, and revoke the real one")
            } else {
                (FindingCode::PersonalData, "replace it by a made-up value")
            };
            let id = &self.example.value.id;
            let message = format!("`{}` of `{id}` seems to hold: {kind}", self.field);
            let column = column_in_string(self.line, text, found.span.start);
            let place = Place::new(&*self.example.path, self.example.line, column);
            self.findings.push(Finding::warning(code, place, message).about(id).with_hint(hint));
        }
    }
}
