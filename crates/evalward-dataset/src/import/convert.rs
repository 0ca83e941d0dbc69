//! Making an example from the fields of a row, whatever file they came from.

use evalward_core::{Digest, Example, ExampleId, Partition, Timestamp};
use serde_json::{Map, Value, json};

use super::target::Target;
use super::{GeneratedIds, ImportOptions};
use crate::json::message_of;
use crate::suggest::{humanize, unknown_name};
use crate::{DatasetError, Located, Place};

/// The fields of an imported example.
pub(super) const FIELDS: [&str; 14] = [
    "id",
    "partition",
    "input",
    "expected_output",
    "acceptable_outputs",
    "context",
    "checks",
    "sources",
    "metadata",
    "tags",
    "created_at",
    "cluster",
    "reviews",
    "failure",
];

/// The fields of one example as a file gives them.
pub(super) struct Raw {
    pub(super) place: Place,
    /// What people call the piece of the file: `row 3`, `examples[2]`; empty where the line says it all.
    pub(super) label: String,
    pub(super) fields: Map<String, Value>,
}

impl Raw {
    pub(super) fn malformed(&self, problem: impl std::fmt::Display) -> DatasetError {
        let label = &self.label;
        let problem =
            if label.is_empty() { problem.to_string() } else { format!("{label}: {problem}") };
        DatasetError::malformed(self.place.clone(), problem)
    }
}

/// Turns raw fields into examples and names those without an id.
pub(super) struct Converter {
    partition: Option<Partition>,
    generated_ids: GeneratedIds,
    numbers: std::collections::BTreeMap<Partition, u64>,
}

impl Converter {
    pub(super) fn new(options: &ImportOptions) -> Self {
        let (partition, generated_ids) = (options.partition, options.generated_ids);
        Self { partition, generated_ids, numbers: std::collections::BTreeMap::new() }
    }

    pub(super) fn convert(
        &mut self,
        mut raw: Raw,
        target: &Target,
    ) -> Result<Located<Example>, DatasetError> {
        if let Some(unknown) = raw.fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
            return Err(raw.malformed(unknown_name("unknown field", unknown, &FIELDS)));
        }
        // Null stands for an absent value in every field but the input's own.
        raw.fields.retain(|_, value| !value.is_null());
        let partition = self.partition_of(&mut raw)?;
        normalize_time(&mut raw)?;
        if !raw.fields.contains_key("id") {
            let id = self.generate_id(&raw, partition, target)?;
            raw.fields.insert("id".to_owned(), id.as_str().into());
        }
        let mut example = parse(&raw)?;
        example.partition = partition;
        Ok(Located { value: example, path: raw.place.path.into(), line: raw.place.line })
    }

    fn partition_of(&self, raw: &mut Raw) -> Result<Partition, DatasetError> {
        let given = raw.fields.remove("partition");
        match (self.partition, given) {
            (Some(partition), _) => Ok(partition),
            (None, Some(Value::String(name))) => {
                name.parse().map_err(|error| raw.malformed(format!("`partition`: {error}")))
            }
            (None, Some(_)) => Err(raw.malformed("`partition`: expected a string")),
            (None, None) => Err(DatasetError::Malformed {
                place: raw.place.clone(),
                problem: "the example does not say its partition".to_owned(),
                hint: Some("pass `--partition` to put every example into one".to_owned()),
            }),
        }
    }

    fn generate_id(
        &mut self,
        raw: &Raw,
        partition: Partition,
        target: &Target,
    ) -> Result<ExampleId, DatasetError> {
        let new_id = |text: String| {
            ExampleId::new(text)
                .map_err(|source| DatasetError::InvalidId { place: raw.place.clone(), source })
        };
        match self.generated_ids {
            GeneratedIds::Hash => {
                let parts = ["input", "expected_output", "acceptable_outputs"];
                let content = parts.map(|field| raw.fields.get(field));
                new_id(format!("{partition}-{}", Digest::of_json(&json!(content)).short()))
            }
            GeneratedIds::Number => {
                let number = self.numbers.entry(partition).or_default();
                loop {
                    *number += 1;
                    let id = new_id(format!("{partition}-{number}"))?;
                    if !target.has(&id) {
                        return Ok(id);
                    }
                }
            }
        }
    }
}

/// A time without a zone is UTC: Python's `datetime.utcnow().isoformat()` writes none.
fn normalize_time(raw: &mut Raw) -> Result<(), DatasetError> {
    let Some(value) = raw.fields.get("created_at") else { return Ok(()) };
    let Some(text) = value.as_str().map(str::trim) else {
        return Err(raw.malformed("`created_at`: expected a string"));
    };
    let forms = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    let time = forms.iter().find_map(|form| form.parse::<Timestamp>().ok());
    match time {
        Some(time) => {
            raw.fields.insert("created_at".to_owned(), time.to_string().into());
            Ok(())
        }
        None => Err(raw.malformed(format!(
            "`created_at`: `{text}` is not a time such as `2026-11-03T10:00:00Z`"
        ))),
    }
}

fn parse(raw: &Raw) -> Result<Example, DatasetError> {
    serde_json::from_value(Value::Object(raw.fields.clone())).map_err(|error| {
        let message = humanize(&message_of(&error));
        let problem = match culprit(&raw.fields) {
            Some((field, message)) => format!("`{field}`: {message}"),
            None => message,
        };
        raw.malformed(problem)
    })
}

/// Returns the field that alone makes an example unreadable, and why.
fn culprit(fields: &Map<String, Value>) -> Option<(&str, String)> {
    fields.iter().find_map(|(field, value)| {
        let mut alone = Map::new();
        alone.insert("id".to_owned(), "any".into());
        alone.insert("input".to_owned(), json!({}));
        alone.insert(field.clone(), value.clone());
        let error = serde_json::from_value::<Example>(Value::Object(alone)).err()?;
        Some((field.as_str(), humanize(&message_of(&error))))
    })
}
