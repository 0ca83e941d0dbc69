//! Providers: who answers.

mod chat;
mod http;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::source::{file_name_in, has_extension, matching};
use crate::ImportError;
use crate::Place;
use crate::node::{Node, NodeValue};
use crate::remark::Remarks;

/// Who answers, as far as it has a counterpart.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    /// What promptfoo calls it.
    pub(super) id: String,
    pub(super) label: Option<String>,
    pub(super) place: Place,
    pub(super) answers: Answers,
    /// The labels of the prompts that it is asked; all without it.
    pub(super) prompts: Option<Vec<String>>,
}

/// How a provider answers.
#[derive(Clone, Debug)]
pub(super) enum Answers {
    /// A model behind a chat API.
    Chat { kind: &'static str, keys: Map<String, Value> },
    /// An application over HTTP; its body may name the prompt.
    Http { keys: Map<String, Value>, body: Option<Value> },
    /// A program.
    Command { keys: Map<String, Value> },
    /// The prompt itself.
    Echo,
    /// Nothing here can.
    Unknown,
}

/// Reads all providers of a configuration.
pub(super) fn read_providers(
    node: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Provider>, ImportError> {
    let mut providers = Vec::new();
    let items = match &node.value {
        NodeValue::List(items) => items.as_slice(),
        NodeValue::Text(_) | NodeValue::Map(_) => std::slice::from_ref(node),
        _ => {
            let reason = format!("`providers` is {}, expected names", node.kind());
            return Err(ImportError::form(&node.place, reason));
        }
    };
    for item in items {
        read_one(item, root, remarks, &mut providers)?;
    }
    Ok(providers)
}

fn read_one(
    item: &Node,
    root: &Path,
    remarks: &mut Remarks,
    providers: &mut Vec<Provider>,
) -> Result<(), ImportError> {
    let empty = Node::new(NodeValue::Map(Vec::new()), item.place.clone());
    match &item.value {
        NodeValue::Text(id) => {
            if let Some(name) = file_name_in(id).filter(|name| is_data(name)) {
                for file in matching(root, name, &item.place)? {
                    providers.extend(read_providers(&file.parse()?, root, remarks)?);
                }
                return Ok(());
            }
            providers.push(provider(id, &empty, item, root, remarks)?);
        }
        NodeValue::Map(entries) => {
            match (item.get("id").and_then(Node::text), entries.as_slice()) {
                (Some(id), _) => {
                    let id = id.to_owned();
                    providers.push(provider(&id, item, item, root, remarks)?);
                }
                (None, [entry]) => {
                    providers.push(provider(&entry.key, &entry.value, item, root, remarks)?);
                }
                _ => {
                    let reason = "a provider needs an `id`".to_owned();
                    return Err(ImportError::form(&item.place, reason));
                }
            }
        }
        _ => {
            let reason = format!("a provider is {}, expected a name or a map", item.kind());
            return Err(ImportError::form(&item.place, reason));
        }
    }
    Ok(())
}

fn is_data(name: &str) -> bool {
    has_extension(Path::new(name), &["yaml", "yml", "json"])
}

fn provider(
    id: &str,
    node: &Node,
    item: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Provider, ImportError> {
    for entry in node.entries() {
        if !matches!(entry.key.as_str(), "id" | "label" | "config" | "prompts") {
            let reason = match entry.key.as_str() {
                "transform" => "answers are not rewritten before they are scored",
                "delay" => "set `calls.requests_per_minute` of the subject instead",
                "env" => "put the variables into `.env`, or into the environment",
                _ => "unknown key",
            };
            let name = format!("`{}` of provider `{id}`", entry.key);
            remarks.not_translated(&entry.place, name, reason);
        }
    }
    let empty = Node::new(NodeValue::Map(Vec::new()), item.place.clone());
    let config = node.get("config").unwrap_or(&empty);
    let mut reading = Reading { id, place: &item.place, root, remarks };
    let answers = answers(config, &mut reading)?;
    let label = |node: &Node| node.scalar_text();
    let prompts = node.get("prompts").map(|prompts| match prompts.items() {
        Some(items) => items.iter().filter_map(label).collect(),
        None => prompts.scalar_text().into_iter().collect(),
    });
    Ok(Provider {
        id: id.to_owned(),
        label: node.get("label").and_then(label),
        place: item.place.clone(),
        answers,
        prompts,
    })
}

/// A provider while it is read.
struct Reading<'a> {
    id: &'a str,
    place: &'a Place,
    root: &'a Path,
    remarks: &'a mut Remarks,
}

impl Reading<'_> {
    fn not_translated(&mut self, place: &Place, key: &str, reason: &str) {
        self.remarks.not_translated(place, format!("`{key}` of provider `{}`", self.id), reason);
    }
}

fn answers(config: &Node, reading: &mut Reading<'_>) -> Result<Answers, ImportError> {
    let id = reading.id;
    if id == "echo" {
        return Ok(Answers::Echo);
    }
    if let Some(server) = chat::server_of(id) {
        return chat::read(&server, config, reading);
    }
    if matches!(id, "http" | "https") || id.starts_with("http://") || id.starts_with("https://") {
        return http::read(config, reading);
    }
    if let Some(command) = program(id) {
        let reason = "a program here reads JSON lines with `id` and `input` and writes lines with `id` and `output`: adapt it, and check its path";
        reading.remarks.not_translated(reading.place, format!("provider `{id}`"), reason);
        for entry in config.entries() {
            reading.not_translated(&entry.place, &entry.key, "settings of a program");
        }
        let keys = json!({"command": command, "one_shot": id.starts_with("exec:")});
        return Ok(Answers::Command { keys: keys.as_object().cloned().unwrap_or_default() });
    }
    let reason = "no subject can ask it; what speaks the OpenAI chat API can be asked by `[subject.openai]`, anything else by a command";
    reading.remarks.not_translated(reading.place, format!("provider `{id}`"), reason);
    Ok(Answers::Unknown)
}

fn program(id: &str) -> Option<Vec<String>> {
    if let Some(command) = id.strip_prefix("exec:") {
        return Some(command.split_whitespace().map(str::to_owned).collect());
    }
    let path = id.strip_prefix("python:").or_else(|| file_name_in(id)).unwrap_or(id);
    let path = path.rsplit_once(':').map_or(path, |(file, _)| file);
    let interpreter = if has_extension(Path::new(path), &["py"]) {
        "python3"
    } else if has_extension(Path::new(path), &["js", "cjs", "mjs", "ts"]) {
        "node"
    } else {
        return None;
    };
    Some(vec![interpreter.to_owned(), path.to_owned()])
}

/// Returns a text in which `{{env.NAME}}` has become `${NAME}`, and whether it had any.
pub(super) fn with_environment(text: &str) -> (String, bool) {
    let mut written = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((code, tail)) = after.split_once("}}") else { break };
        written.push_str(before);
        let code = code.trim().trim_matches('-').trim();
        match code.strip_prefix("env.") {
            Some(name) if name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') => {
                written.extend(["${", name, "}"]);
                found = true;
            }
            _ => written.extend(["{{", code, "}}"]),
        }
        rest = tail;
    }
    written.push_str(rest);
    (written, found)
}
