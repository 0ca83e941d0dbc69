//! Writing a whole dataset as one file.

mod csv;
mod single_json;

use std::io::{self, Write};
use std::path::Path;

use evalward_core::Example;
use serde_json::{Map, Value};

use crate::write::Replacement;
use crate::{Dataset, DatasetError};

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One example a line, as in a partition file, with its `partition`.
    Jsonl,
    /// One example a row, with a column for each field of the inputs and of the metadata.
    Csv,
    /// One JSON object: `{"name", "task_type", "examples": [...]}`.
    Json,
}

impl ExportFormat {
    /// Returns the format that a file's extension stands for.
    pub fn from_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Writes all examples in canonical order and returns their number.
///
/// Single JSON and JSON lines keep everything that the examples hold. CSV keeps it too, except that it does not tell the
/// number `1` in an input or in metadata from the text `1`, nor an empty text from none.
///
/// # Errors
/// The first line that cannot be read; [`DatasetError::Io`] if `out` refuses.
pub fn export(
    dataset: &Dataset,
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<u64, DatasetError> {
    match format {
        ExportFormat::Jsonl => jsonl(dataset, out),
        ExportFormat::Csv => csv::write(dataset, out),
        ExportFormat::Json => single_json::write(dataset, out),
    }
}

/// Writes all examples to a file, which takes its place only when it is complete.
///
/// # Errors
/// Those of [`export`]; then the file is as it was.
pub fn export_file(
    dataset: &Dataset,
    format: ExportFormat,
    path: &Path,
) -> Result<u64, DatasetError> {
    let mut file = Replacement::of(path)?;
    let count = export(dataset, format, file.writer())?;
    file.commit()?;
    Ok(count)
}

fn jsonl(dataset: &Dataset, out: &mut dyn Write) -> Result<u64, DatasetError> {
    let mut count = 0;
    for example in dataset.all_examples() {
        let example = example?.value;
        // The partition follows the id, where people look for it; the rest of the line is canonical.
        let line = example.to_line();
        let id = Value::from(example.id.as_str()).to_string();
        let rest = line.get(r#"{"id":"#.len() + id.len()..).unwrap_or_default();
        writeln!(out, r#"{{"id":{id},"partition":"{}"{rest}"#, example.partition)
            .map_err(failed(dataset))?;
        count += 1;
    }
    Ok(count)
}

fn failed(dataset: &Dataset) -> impl FnOnce(io::Error) -> DatasetError {
    DatasetError::io("export", dataset.folder())
}

/// Returns the fields of an example that are not empty.
fn fields_of(example: &Example) -> Map<String, Value> {
    match serde_json::to_value(example) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
