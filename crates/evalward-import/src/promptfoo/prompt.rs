//! Prompts.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::source::{SourceFile, file_name_in, has_extension, matching};
use super::template::{Problem, Translated, translate};
use crate::node::{Node, NodeValue};
use crate::remark::Remarks;
use crate::{ImportError, Place};

/// A prompt as promptfoo has it: a text with templates in it.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    pub(super) label: Option<String>,
    pub(super) place: Place,
    pub(super) text: String,
}

/// What a prompt is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// The message of the user, with that of the system before it.
    Messages { system: Option<String>, user: String },
    /// A longer conversation.
    Conversation(Vec<Value>),
}

/// Reads all prompts of a configuration.
pub(super) fn read_prompts(
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Prompt>, ImportError> {
    let mut prompts = Vec::new();
    match &node.value {
        NodeValue::Text(text) => add(text, None, &node.place, root, remarks, &mut prompts)?,
        NodeValue::List(items) => {
            for item in items {
                read_one(item, root, remarks, &mut prompts)?;
            }
        }
        NodeValue::Map(entries) => {
            for entry in entries {
                let label = entry.value.scalar_text();
                add(&entry.key, label.as_deref(), &entry.place, root, remarks, &mut prompts)?;
            }
        }
        _ => {
            let reason = format!("`prompts` is {}, expected texts", node.kind());
            return Err(ImportError::form(&node.place, reason));
        }
    }
    Ok(prompts)
}

fn read_one(
    item: &Node,
    root: &Path,
    remarks: &mut Remarks,
    prompts: &mut Vec<Prompt>,
) -> Result<(), ImportError> {
    if let Some(text) = item.scalar_text() {
        return add(&text, None, &item.place, root, remarks, prompts);
    }
    let label = item.get("label").and_then(Node::scalar_text);
    let text = item.get("raw").or_else(|| item.get("id")).and_then(Node::scalar_text);
    let Some(text) = text else {
        // Anything else is sent as JSON.
        let text = item.to_json().to_string();
        prompts.push(Prompt { label, place: item.place.clone(), text });
        return Ok(());
    };
    for entry in item.entries() {
        if !matches!(entry.key.as_str(), "raw" | "id" | "label" | "display") {
            let name = format!("`{}` of a prompt", entry.key);
            remarks.not_translated(&entry.place, name, "settings belong to the subject");
        }
    }
    add(&text, label.as_deref(), &item.place, root, remarks, prompts)
}

const FILES: &[&str] = &[
    "txt", "json", "jsonl", "yaml", "yml", "md", "j2", "csv", "js", "ts", "cjs", "mjs", "py", "sh",
];

fn add(
    text: &str,
    label: Option<&str>,
    place: &Place,
    root: &Path,
    remarks: &mut Remarks,
    prompts: &mut Vec<Prompt>,
) -> Result<(), ImportError> {
    let new = |text: String| Prompt { label: label.map(str::to_owned), place: place.clone(), text };
    let (name, is_certain) = match file_name_in(text) {
        Some(name) => (name, true),
        None => (text, false),
    };
    if text.starts_with("exec:") || text.contains("://") && !is_certain && !text.contains(' ') {
        remarks.not_translated(
            place,
            format!("prompt `{text}`"),
            "it is made by a program or a service",
        );
        return Ok(());
    }
    let looks_like_file = !name.contains(['\n', '{']) && has_extension(Path::new(name), FILES);
    let name = script_of(name);
    let is_there = || root.join(name).is_file() || name.contains('*');
    if !(is_certain || looks_like_file && is_there()) {
        prompts.push(new(text.to_owned()));
        return Ok(());
    }
    for file in matching(root, name, place)? {
        if file.has_extension(&["js", "ts", "cjs", "mjs", "py", "sh"]) {
            let name = format!("prompt `{}`", file.shown);
            remarks.not_translated(place, name, "it is made by a program");
            continue;
        }
        for text in texts_of(&file)? {
            prompts.push(Prompt { label: label.map(str::to_owned), ..new(text) });
        }
    }
    Ok(())
}

/// Leaves out the function in `prompts.py:make`.
fn script_of(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((file, _)) if has_extension(Path::new(file), &["js", "ts", "py", "cjs", "mjs"]) => {
            file
        }
        _ => name,
    }
}

fn texts_of(file: &SourceFile) -> Result<Vec<String>, ImportError> {
    if file.has_extension(&["yaml", "yml"]) {
        return Ok(vec![file.parse()?.to_json().to_string()]);
    }
    let text = file.read()?;
    if file.has_extension(&["jsonl"]) {
        return Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect());
    }
    if file.has_extension(&["csv"]) {
        return Ok(of_table(&text));
    }
    if file.has_extension(&["txt"]) {
        let lines: Vec<&str> = text.lines().collect();
        let blocks = lines.split(|line| line.trim() == "---");
        let blocks = blocks.map(|block| block.join("\n").trim().to_owned());
        return Ok(blocks.filter(|block| !block.is_empty()).collect());
    }
    Ok(vec![text])
}

fn of_table(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let column = reader
        .headers()
        .ok()
        .and_then(|headers| headers.iter().position(|header| header == "prompt"));
    let records = reader.records().filter_map(Result::ok);
    match column {
        Some(column) => records.filter_map(|row| row.get(column).map(str::to_owned)).collect(),
        None => text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
    }
}

impl Prompt {
    /// Tells the message of the user from that of the system, where the prompt is a conversation.
    pub(super) fn shape(&self) -> Shape {
        let alone = || Shape::Messages { system: None, user: self.text.clone() };
        let Some(messages) = self.messages() else { return alone() };
        let role = |message: &Value| message["role"].as_str().map(str::to_owned);
        let content = |message: &Value| message["content"].as_str().map(str::to_owned);
        let plain: Option<Vec<(String, String)>> =
            messages.iter().map(|message| Some((role(message)?, content(message)?))).collect();
        match plain.as_deref() {
            Some([(role, user)]) if role == "user" => {
                Shape::Messages { system: None, user: user.clone() }
            }
            Some([(first, system), (second, user)])
                if matches!(first.as_str(), "system" | "developer") && second == "user" =>
            {
                Shape::Messages { system: Some(system.clone()), user: user.clone() }
            }
            _ => Shape::Conversation(messages),
        }
    }

    /// Returns the messages of a prompt that is a list of them in JSON.
    fn messages(&self) -> Option<Vec<Value>> {
        let Value::Array(messages) = serde_json::from_str(&self.text).ok()? else { return None };
        let is_message = |message: &Value| message["role"].is_string();
        (!messages.is_empty() && messages.iter().all(is_message)).then_some(messages)
    }

    /// Says what of the prompt is likely to have been meant otherwise.
    pub(super) fn warn(&self, remarks: &mut Remarks) {
        let text = self.text.trim_start();
        if self.messages().is_none() && text.starts_with('[') && text.contains("\"role\"") {
            let reason = "a conversation that a template makes is sent as one message";
            remarks.not_translated(&self.place, "prompt", reason);
        } else if self.messages().is_none()
            && matches!(serde_json::from_str(text), Ok(Value::Object(_) | Value::Array(_)))
        {
            let text = "a prompt that is JSON: values are put in as they are, promptfoo escapes them for JSON";
            remarks.differs(&self.place, "prompt", text);
        }
    }
}

/// Translates a template, or makes a remark and keeps it as it is.
pub(super) fn template(
    text: &str,
    objects: &BTreeSet<String>,
    place: &Place,
    name: &str,
    remarks: &mut Remarks,
) -> Translated {
    match translate(text, objects) {
        Ok(translated) => translated,
        Err(Problem { line, reason }) => {
            let reason = format!("line {line} of the template: {reason}; it is kept as it is");
            remarks.not_translated(place, name, reason);
            Translated { text: text.to_owned(), variables: BTreeSet::new() }
        }
    }
}
