//! Variables: read from their files, and rendered where they name one another.

use std::path::Path;

use serde_json::{Map, Value};

use super::case::{Test, Var};
use crate::ImportError;
use crate::Place;
use crate::node::{Node, NodeValue};
use crate::promptfoo::source::{SourceFile, file_name_in, has_extension, matching};
use crate::promptfoo::template::render;
use crate::remark::Remarks;

/// Reads the variables of a test.
pub(super) fn read_vars(
    node: &Node,
    test: &mut Test,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<(), ImportError> {
    match &node.value {
        NodeValue::Text(name) => {
            let name = file_name_in(name).unwrap_or(name);
            for file in matching(root, name, &node.place)? {
                read_vars(&file.parse()?, test, root, remarks)?;
            }
            Ok(())
        }
        NodeValue::List(names) => {
            names.iter().try_for_each(|name| read_vars(name, test, root, remarks))
        }
        NodeValue::Map(entries) => {
            for entry in entries {
                let value = read_var(&entry.key, &entry.value, root, remarks)?;
                test.set_var(&entry.key, value);
            }
            Ok(())
        }
        _ => {
            let reason = format!("`vars` is {}, expected names with values", node.kind());
            Err(ImportError::form(&node.place, reason))
        }
    }
}

fn read_var(
    name: &str,
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Var, ImportError> {
    match &node.value {
        NodeValue::Text(text) => match file_name_in(text) {
            Some(file) => {
                let mut values = Vec::new();
                for file in matching(root, file, &node.place)? {
                    values.push(content(name, &file, &node.place, remarks)?);
                }
                Ok(Var::Each(values))
            }
            None => Ok(Var::One(node.to_json())),
        },
        // promptfoo expands a list whose first value is a text; any other is one value.
        NodeValue::List(items) if items.first().is_some_and(|item| item.text().is_some()) => {
            let mut values = Vec::new();
            for item in items {
                match read_var(name, item, root, remarks)? {
                    Var::One(value) => values.push(value),
                    Var::Each(more) => values.extend(more),
                }
            }
            Ok(Var::Each(values))
        }
        _ => Ok(Var::One(node.to_json())),
    }
}

/// Formats that are no text.
const NO_TEXT: &[&str] = &[
    "pdf", "png", "jpg", "jpeg", "gif", "webp", "bmp", "svg", "ico", "avif", "tiff", "mp3", "wav",
    "ogg", "flac", "mp4", "webm", "mov",
];

fn content(
    name: &str,
    file: &SourceFile,
    place: &Place,
    remarks: &mut Remarks,
) -> Result<Value, ImportError> {
    let what = format!("variable `{name}`");
    let lost = |remarks: &mut Remarks, reason: &str| {
        remarks.not_translated(place, what.clone(), format!("`{}` {reason}", file.shown));
        Ok(Value::String(String::new()))
    };
    if file.has_extension(&["js", "ts", "cjs", "mjs", "py"]) {
        return lost(remarks, "is a program");
    }
    if has_extension(&file.path, NO_TEXT) {
        return lost(remarks, "is no text");
    }
    if file.has_extension(&["yaml", "yml"]) {
        return Ok(Value::String(file.parse()?.to_json().to_string()));
    }
    Ok(Value::String(file.read()?.trim().to_owned()))
}

/// How often variables may name one another.
const ROUNDS: usize = 5;

/// Renders variables that name others; each loses one line end at its end, as in promptfoo.
pub(super) fn resolve(vars: &mut Map<String, Value>, place: &Place, remarks: &mut Remarks) {
    for value in vars.values_mut() {
        if let Value::String(text) = value
            && let Some(shorter) = text.strip_suffix('\n')
        {
            *text = shorter.to_owned();
        }
        if value.is_null() {
            *value = Value::String(String::new());
        }
    }
    let mut failed = Vec::new();
    for _ in 0..ROUNDS {
        let before = vars.clone();
        for (name, value) in vars.iter_mut() {
            let Value::String(text) = value else { continue };
            if !text.contains("{{") && !text.contains("{%") || failed.contains(name) {
                continue;
            }
            match render(text, &before) {
                Ok(rendered) => *text = rendered,
                Err(problem) => {
                    let reason = format!("its template: {}; it is kept as it is", problem.reason);
                    remarks.not_translated(place, format!("variable `{name}`"), reason);
                    failed.push(name.clone());
                }
            }
        }
        if *vars == before {
            break;
        }
    }
}
