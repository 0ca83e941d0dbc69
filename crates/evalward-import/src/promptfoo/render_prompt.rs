//! Prompts as promptfoo sends them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::prompt::Prompt;
use super::template::render;
use super::test::Case;
use crate::node::{Node, NodeValue, parse_json};
use crate::remark::Remarks;

/// Renders a prompt for a case; nothing, and a remark, where its template has no counterpart.
pub(super) fn rendered_prompt(
    prompt: &Prompt,
    case: &Case,
    remarks: &mut Remarks,
) -> Option<String> {
    let text = format!("{}{}{}", case.prefix, prompt.text, case.suffix);
    let file: Arc<str> = Arc::clone(&prompt.place.file);
    let rendered = match parse_json(&text, &file) {
        Ok(node) if matches!(node.value, NodeValue::List(_) | NodeValue::Map(_)) => {
            let mut written = String::new();
            pretty(&node, &case.vars, 0, &mut written).map(|()| written)
        }
        _ => render(&text, &case.vars).map_err(|problem| problem.reason),
    };
    rendered
        .map_err(|reason| {
            remarks.not_translated(&prompt.place, "prompt", format!("its template: {reason}"));
        })
        .ok()
}

/// Renders each message of a conversation.
pub(super) fn rendered_messages(messages: &[Value], vars: &Map<String, Value>) -> Value {
    messages.iter().map(|message| rendered_value(message, vars)).collect()
}

fn rendered_value(value: &Value, vars: &Map<String, Value>) -> Value {
    match value {
        Value::String(text) => Value::String(render(text, vars).unwrap_or_else(|_| text.clone())),
        Value::Array(items) => items.iter().map(|item| rendered_value(item, vars)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), rendered_value(value, vars)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Writes JSON with two spaces of indentation and its keys in their order, each text rendered.
fn pretty(
    node: &Node,
    vars: &Map<String, Value>,
    depth: usize,
    written: &mut String,
) -> Result<(), String> {
    let (open, close, length) = match &node.value {
        NodeValue::List(items) => ('[', ']', items.len()),
        NodeValue::Map(entries) => ('{', '}', entries.len()),
        NodeValue::Text(text) => {
            let text = render(text, vars).map_err(|problem| problem.reason)?;
            written.push_str(&Value::String(text).to_string());
            return Ok(());
        }
        _ => {
            written.push_str(&node.to_json().to_string());
            return Ok(());
        }
    };
    written.push(open);
    let inner = format!("\n{}", "  ".repeat(depth + 1));
    for at in 0..length {
        written.push_str(if at > 0 { "," } else { "" });
        written.push_str(&inner);
        if let Some(entry) = node.entries().get(at) {
            written.push_str(&Value::String(entry.key.clone()).to_string());
            written.push_str(": ");
            pretty(&entry.value, vars, depth + 1, written)?;
        } else if let Some(item) = node.items().and_then(|items| items.get(at)) {
            pretty(item, vars, depth + 1, written)?;
        }
    }
    if length > 0 {
        written.push('\n');
        written.push_str(&"  ".repeat(depth));
    }
    written.push(close);
    Ok(())
}
