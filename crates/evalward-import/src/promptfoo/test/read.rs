//! Where tests stand: in the configuration, and in files of their own.

use std::path::Path;
use std::sync::Arc;

use super::case::Test;
use super::table::read_table;
use super::vars::read_vars;
use crate::ImportError;
use crate::Place;
use crate::node::{Node, NodeValue, SyntaxError, parse_json};
use crate::promptfoo::assertion::Assertion;
use crate::promptfoo::keys::{TEST, TEST_OPTIONS};
use crate::promptfoo::source::{SourceFile, file_name_in, has_extension, matching};
use crate::remark::Remarks;

/// Reads `tests`: tests, names of files, or a mixture.
pub(crate) fn read_tests(
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Test>, ImportError> {
    match &node.value {
        NodeValue::List(items) => {
            let mut tests = Vec::new();
            for item in items {
                match &item.value {
                    NodeValue::Text(name) => {
                        tests.extend(from_file(name, &item.place, root, remarks)?);
                    }
                    NodeValue::Map(_) if item.get("path").is_some() => {
                        tests.extend(read_tests(item, root, remarks)?);
                    }
                    NodeValue::Map(_) => tests.push(read_test(item, root, remarks)?),
                    _ => {
                        let reason = format!("a test is {}, expected a map", item.kind());
                        return Err(ImportError::form(&item.place, reason));
                    }
                }
            }
            Ok(tests)
        }
        NodeValue::Text(name) => from_file(name, &node.place, root, remarks),
        NodeValue::Map(_) if node.get("path").is_some() => {
            let name = node.get("path").and_then(Node::scalar_text).unwrap_or_default();
            from_file(&name, &node.place, root, remarks)
        }
        _ => {
            let reason = format!("`tests` is {}, expected a list or a file", node.kind());
            Err(ImportError::form(&node.place, reason))
        }
    }
}

fn from_file(
    name: &str,
    place: &Place,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Test>, ImportError> {
    let name = file_name_in(name).unwrap_or(name);
    let script = name.rsplit_once(':').map_or(name, |(file, _)| file);
    let programs = ["js", "ts", "cjs", "mjs", "py"];
    if has_extension(Path::new(script), &programs) || name.contains("://") {
        let what = format!("tests `{name}`");
        remarks.not_translated(place, what, "they are made by a program or a service");
        return Ok(Vec::new());
    }
    let mut tests = Vec::new();
    for file in matching(root, name, place)? {
        // Names in a file of tests start from its own folder.
        let folder = file.path.parent().unwrap_or(root).to_owned();
        if file.has_extension(&["csv"]) {
            tests.extend(read_table(&file, &folder, remarks)?);
        } else if file.has_extension(&["jsonl"]) {
            for node in lines_of(&file)? {
                tests.push(read_test(&node, &folder, remarks)?);
            }
        } else if file.has_extension(&["xlsx", "xls"]) {
            let what = format!("tests `{}`", file.shown);
            remarks.not_translated(place, what, "a workbook; save it as CSV");
        } else {
            let node = file.parse()?;
            let mut used = Vec::new();
            let node = super::super::source::follow_references(&node, &node, &folder, &mut used)?;
            if node.items().is_some() {
                tests.extend(read_tests(&node, &folder, remarks)?);
            } else {
                tests.push(read_test(&node, &folder, remarks)?);
            }
        }
    }
    Ok(tests)
}

fn lines_of(file: &SourceFile) -> Result<Vec<Node>, ImportError> {
    let text = file.read()?;
    let mut nodes = Vec::new();
    for (number, line) in (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let place = Place::new(&file.shown, number);
        let value = serde_json::from_str(line);
        let value = value.map_err(|_| {
            // The parser counts from its own first line.
            let SyntaxError { column, reason, .. } =
                parse_json(line, &Arc::clone(&file.shown)).expect_err("it was refused before");
            ImportError::Syntax { place: place.clone(), column, reason }
        })?;
        nodes.push(Node::from_json(&value, &place));
    }
    Ok(nodes)
}

/// Reads a test, `defaultTest` or a row of a scenario.
pub(crate) fn read_test(
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Test, ImportError> {
    if !node.is_map() {
        let reason = format!("a test is {}, expected a map", node.kind());
        return Err(ImportError::form(&node.place, reason));
    }
    TEST.check(node, "a test", remarks);
    let mut test = Test::new(node.place.clone());
    test.description = node.get("description").and_then(Node::scalar_text);
    if let Some(vars) = node.get("vars") {
        read_vars(vars, &mut test, root, remarks)?;
    }
    if let Some(assertions) = node.get("assert") {
        test.assertions = read_assertions(assertions, root, remarks)?;
    }
    if let Some(metadata) =
        node.get("metadata").and_then(|node| node.to_json().as_object().cloned())
    {
        test.metadata = metadata;
    }
    test.threshold = node.get("threshold").and_then(Node::number);
    test.provider_output = node.get("providerOutput").map(Node::to_json);
    if let Some(options) = node.get("options") {
        TEST_OPTIONS.check(options, "a test's `options`", remarks);
        let text = |key: &str| options.get(key).and_then(Node::scalar_text);
        let is_set = |key: &str| text(key).as_deref() == Some("true");
        test.prefix = text("prefix");
        test.suffix = text("suffix");
        test.is_expanded = !is_set("disableVarExpansion");
        test.has_defaults = !is_set("disableDefaultAsserts");
    }
    if !test.is_expanded {
        test.keep_lists();
    }
    Ok(test)
}

/// Reads a list of assertions; an item may name a file with more.
pub(crate) fn read_assertions(
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Assertion>, ImportError> {
    let mut assertions = Vec::new();
    let single = std::slice::from_ref(node);
    for item in node.items().unwrap_or(single) {
        match item.text().and_then(file_name_in) {
            Some(name) => {
                for file in matching(root, name, &item.place)? {
                    assertions.extend(read_assertions(&file.parse()?, root, remarks)?);
                }
            }
            None => assertions.push(Assertion::read(item, root, remarks)?),
        }
    }
    Ok(assertions)
}
