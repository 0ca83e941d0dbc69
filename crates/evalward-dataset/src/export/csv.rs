//! The form with one example a row.

use std::collections::BTreeSet;
use std::io::Write;

use evalward_core::Example;
use serde_json::{Map, Value};

use super::fields_of;
use crate::{Dataset, DatasetError};

/// The columns that every file has.
const FIXED: [&str; 5] = ["id", "partition", "expected_output", "tags", "created_at"];
/// The fields whose own fields become columns.
const SPREAD: [&str; 2] = ["input", "metadata"];

/// Reads the dataset twice: first for the columns, then for the rows.
pub(super) fn write(dataset: &Dataset, out: &mut dyn Write) -> Result<u64, DatasetError> {
    let failed = |error: csv::Error| DatasetError::io("export", dataset.folder())(error.into());
    let columns = columns(dataset)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&columns).map_err(failed)?;
    let mut count = 0;
    for example in dataset.all_examples() {
        let example = example?.value;
        let fields = fields_of(&example);
        let cells = columns.iter().map(|column| cell(column, &example, &fields));
        writer.write_record(cells).map_err(failed)?;
        count += 1;
    }
    writer.flush().map_err(DatasetError::io("export", dataset.folder()))?;
    Ok(count)
}

fn columns(dataset: &Dataset) -> Result<Vec<String>, DatasetError> {
    let mut inputs = BTreeSet::new();
    let mut others = BTreeSet::new();
    for example in dataset.all_examples() {
        let example = example?.value;
        inputs.extend(example.input.keys().map(|key| format!("input.{key}")));
        others.extend(example.metadata.keys().map(|key| format!("metadata.{key}")));
        let fields = fields_of(&example).into_iter().map(|(field, _)| field);
        others.extend(
            fields.filter(|field| {
                !FIXED.contains(&field.as_str()) && !SPREAD.contains(&field.as_str())
            }),
        );
    }
    let fixed = FIXED.map(str::to_owned);
    let (head, tail) = fixed.split_at(2);
    Ok(head.iter().cloned().chain(inputs).chain(tail.iter().cloned()).chain(others).collect())
}

fn cell(column: &str, example: &Example, fields: &Map<String, Value>) -> String {
    let value = match column.split_once('.') {
        Some(("input", key)) => example.input.get(key),
        Some(("metadata", key)) => example.metadata.get(key),
        _ if column == "partition" => return example.partition.name().to_owned(),
        _ if column == "tags" => return tags_cell(&example.tags),
        _ => fields.get(column),
    };
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Tags are split by `|`; where one holds that sign, the cell is a JSON list.
fn tags_cell(tags: &[String]) -> String {
    if tags.iter().any(|tag| tag.contains('|') || tag.trim() != tag || tag.starts_with('[')) {
        Value::from(tags).to_string()
    } else {
        tags.join("|")
    }
}
