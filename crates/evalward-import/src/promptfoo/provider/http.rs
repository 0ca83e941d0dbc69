//! Applications over HTTP.

use serde_json::{Map, Value, json};

use super::super::source::{file_name_in, matching};
use super::{Answers, Reading, with_environment};
use crate::ImportError;
use crate::node::{Entry, Node};

pub(super) fn read(config: &Node, reading: &mut Reading<'_>) -> Result<Answers, ImportError> {
    let mut keys = Map::new();
    let address = config.get("url").and_then(Node::scalar_text);
    let address = address.unwrap_or_else(|| reading.id.to_owned());
    let (address, _) = with_environment(&address);
    if address.contains("{{") {
        let name = format!("provider `{}`", reading.id);
        reading.remarks.not_translated(reading.place, name, "an address takes no variables");
    }
    keys.insert("url".to_owned(), json!(address));
    // Without a pointer promptfoo takes the whole answer.
    keys.insert("output".to_owned(), json!(""));
    let mut body = None;
    for entry in config.entries().iter().filter(|entry| !entry.value.is_null()) {
        match entry.key.as_str() {
            "url" => {}
            "method" => drop(keys.insert("method".to_owned(), entry.value.to_json())),
            "headers" => {
                let value = |header: &Entry| Some(with_environment(&header.value.scalar_text()?).0);
                let headers = entry.value.entries().iter();
                let headers =
                    headers.filter_map(|header| Some((header.key.clone(), json!(value(header)?))));
                keys.insert("headers".to_owned(), Value::Object(headers.collect()));
            }
            "body" => body = read_body(entry, reading)?,
            "transformResponse" | "responseParser" => {
                match entry.value.text().and_then(pointer_of) {
                    Some(pointer) => drop(keys.insert("output".to_owned(), json!(pointer))),
                    None => reading.not_translated(
                        &entry.place,
                        &entry.key,
                        "only a path such as `json.choices[0].text` has a counterpart; set `output` to a JSON pointer",
                    ),
                }
            }
            "request" => reading.not_translated(
                &entry.place,
                "request",
                "a request as raw text; write `url`, `method`, `headers` and `body`",
            ),
            key => reading.not_translated(&entry.place, key, "it has no counterpart"),
        }
    }
    Ok(Answers::Http { keys, body })
}

fn read_body(entry: &Entry, reading: &mut Reading<'_>) -> Result<Option<Value>, ImportError> {
    let loaded = match entry.value.text().and_then(file_name_in) {
        Some(name) => {
            let files = matching(reading.root, name, &entry.place)?;
            files
                .first()
                .map(super::super::source::SourceFile::parse)
                .transpose()?
                .map(|node| node.to_json())
        }
        None => Some(entry.value.to_json()),
    };
    Ok(match loaded {
        Some(Value::String(text)) => {
            if let Ok(json) = serde_json::from_str(&text) {
                Some(json)
            } else {
                let reason = "a body that is no JSON";
                reading.not_translated(&entry.place, "body", reason);
                None
            }
        }
        loaded => loaded,
    })
}

/// Returns the JSON pointer of an expression such as `json.choices[0].message['content']`.
fn pointer_of(expression: &str) -> Option<String> {
    let expression = expression.trim();
    if matches!(expression, "text" | "json") {
        return Some(String::new());
    }
    let mut rest = expression.strip_prefix("json")?;
    let mut pointer = String::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('?').unwrap_or(rest);
        let (part, after) = if let Some(inside) = rest.strip_prefix('[') {
            let (part, after) = inside.split_once(']')?;
            let quoted = part.trim_matches(['\'', '"']);
            let is_key = quoted.len() + 2 == part.len() || part.parse::<usize>().is_ok();
            (is_key.then_some(quoted)?, after)
        } else {
            let inside = rest.strip_prefix('.')?;
            if inside.starts_with('[') {
                rest = inside;
                continue;
            }
            let end = inside
                .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '$')));
            let (part, after) = inside.split_at(end.unwrap_or(inside.len()));
            (part, after)
        };
        if part.is_empty() {
            return None;
        }
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
        rest = after;
    }
    Some(pointer)
}
