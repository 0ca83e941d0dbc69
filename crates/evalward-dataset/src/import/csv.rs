//! Tables with a header.

use std::collections::BTreeSet;
use std::path::Path;

use csv::{ErrorKind, StringRecord};
use serde_json::{Map, Value};

use super::FieldMapping;
use super::convert::Raw;
use super::jsonl::split_list;
use super::mapping::{check_target, put};
use crate::{DatasetError, Place};

/// A column that is read, and where its cells go.
struct Column {
    index: usize,
    target: String,
}

pub(super) fn read(
    path: &Path,
    mappings: &[FieldMapping],
    ignored: &mut BTreeSet<String>,
    add: &mut dyn FnMut(Raw) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let failed = |error| describe(path, error);
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let columns = columns(path, &header, mappings, ignored)?;
    let mut row = StringRecord::new();
    let mut number = 0_u64;
    while reader.read_record(&mut row).map_err(failed)? {
        number += 1;
        let line = row.position().map_or(number + 1, csv::Position::line);
        let (place, label) = (Place::new(path, line, 1), format!("row {number}"));
        let mut raw = Raw { place, label, fields: Map::new() };
        for column in &columns {
            let cell = row.get(column.index).unwrap_or_default();
            if cell.is_empty() {
                continue;
            }
            match value_of(&column.target, cell) {
                Ok(value) => put(&mut raw.fields, &column.target, value),
                Err(problem) => {
                    return Err(raw.malformed(format!("`{}`: {problem}", column.target)));
                }
            }
        }
        if columns.iter().any(|column| column.target.starts_with("input.")) {
            raw.fields.entry("input").or_insert_with(|| Value::Object(Map::new()));
        }
        add(raw)?;
    }
    Ok(())
}

/// Decides where each column goes: where a mapping says, or else where its name says.
fn columns(
    path: &Path,
    header: &StringRecord,
    mappings: &[FieldMapping],
    ignored: &mut BTreeSet<String>,
) -> Result<Vec<Column>, DatasetError> {
    if let Some(mapping) =
        mappings.iter().find(|mapping| !header.iter().any(|name| name == mapping.source()))
    {
        return Err(mapping.unmatched(format!("the table has no column `{}`", mapping.source())));
    }
    let mut columns: Vec<Column> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let mapped = mappings.iter().filter(|mapping| mapping.source() == name);
        let mut targets: Vec<String> = mapped.map(|mapping| mapping.target().to_owned()).collect();
        let taken = |target: &str| mappings.iter().any(|mapping| mapping.target() == target);
        match check_target(name) {
            _ if !targets.is_empty() => {}
            Ok(()) if !taken(name) => targets.push(name.to_owned()),
            Err(problem) if mappings.is_empty() => {
                return Err(DatasetError::Malformed {
                    place: Place::new(path, 1, 1),
                    problem: format!("column `{name}`: {problem}"),
                    hint: Some(format!("say where it goes: `--map input.{name}={name}`")),
                });
            }
            _ => {
                ignored.insert(name.to_owned());
            }
        }
        columns.extend(targets.into_iter().map(|target| Column { index, target }));
    }
    let mut targets = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|column| !targets.insert(&column.target)) {
        let problem = format!("two columns give `{}`", twice.target);
        return Err(DatasetError::malformed(Place::new(path, 1, 1), problem));
    }
    Ok(columns)
}

/// Reads a cell: texts as they are, lists split by `|`, everything with an inner structure as JSON.
fn value_of(target: &str, cell: &str) -> Result<Value, String> {
    match target {
        "tags" | "acceptable_outputs" => Ok(split_list(cell)),
        "context" if !cell.trim_start().starts_with('[') => Ok(split_list(cell)),
        "input" | "context" | "checks" | "sources" | "metadata" | "reviews" | "failure" => {
            serde_json::from_str(cell).map_err(|error| format!("expected JSON: {error}"))
        }
        _ => Ok(cell.into()),
    }
}

fn describe(path: &Path, error: csv::Error) -> DatasetError {
    let line = error.position().map_or(1, csv::Position::line);
    let place = Place::new(path, line, 1);
    match error.into_kind() {
        ErrorKind::Io(error) => DatasetError::io("read", path)(error),
        ErrorKind::UnequalLengths { expected_len, len, .. } => DatasetError::malformed(
            place,
            format!("the row has {len} cells, the header has {expected_len}"),
        ),
        ErrorKind::Utf8 { .. } => DatasetError::malformed(place, "the row is not valid UTF-8"),
        _ => DatasetError::malformed(place, "the row is not valid CSV"),
    }
}
