//! What a recipe reads beside itself.

use std::fs;
use std::io;
use std::path::Path;

use super::recipe::{Recipe, SlotRecipe};
use crate::DatasetError;
use crate::suggest::quoted_list;

/// Reads the lines of a file that are not blank; the keys lead to where the recipe names it.
pub(super) fn lines(
    recipe: &Recipe,
    file: &str,
    keys: &[&str],
) -> Result<Vec<String>, DatasetError> {
    read_lines(&recipe.folder.join(file)).map_err(|problem| recipe.refuse(keys, problem))
}

/// Returns what fills a slot; the keys lead to the slot.
pub(super) fn slot_values(
    recipe: &Recipe,
    slot: &SlotRecipe,
    keys: &[&str],
) -> Result<Vec<String>, DatasetError> {
    let mut values = slot.values.clone();
    let from_file = values_of_file(&recipe.folder, slot).map_err(|(key, problem)| {
        let keys: Vec<&str> = keys.iter().copied().chain([key]).collect();
        recipe.refuse(&keys, problem)
    })?;
    values.extend(from_file);
    Ok(values)
}

/// Returns the values of a slot's file, or the key that is wrong and why.
pub(super) fn values_of_file(
    folder: &Path,
    slot: &SlotRecipe,
) -> Result<Vec<String>, (&'static str, String)> {
    match (&slot.file, &slot.column) {
        (Some(file), Some(column)) => column_of(&folder.join(file), column),
        (Some(file), None) => read_lines(&folder.join(file)).map_err(|problem| ("file", problem)),
        (None, _) => Ok(Vec::new()),
    }
}

/// Reads the lines of a file that are not blank, or says why not.
pub(super) fn read_lines(path: &Path) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn column_of(path: &Path, column: &str) -> Result<Vec<String>, (&'static str, String)> {
    let malformed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        ("file", format!("failed to read `{}` at line {line}: {error}", path.display()))
    };
    let file = fs::File::open(path).map_err(|error| ("file", unreadable(path, &error)))?;
    let mut reader = csv::Reader::from_reader(file);
    let headers = reader.headers().map_err(malformed)?.clone();
    let Some(at) = headers.iter().position(|header| header == column) else {
        let known: Vec<&str> = headers.iter().collect();
        let there = quoted_list(&known);
        let problem = format!("`{}` has no column `{column}`; there are {there}", path.display());
        return Err(("column", problem));
    };
    let mut values = Vec::new();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        values.extend(record.get(at).filter(|value| !value.is_empty()).map(str::to_owned));
    }
    Ok(values)
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("failed to read `{}`: {error}", path.display())
}
