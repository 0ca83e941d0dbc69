//! The parts of an example and its reply that a judge sees.

use std::collections::BTreeMap;

use evalward_core::{Document, Example, Reply};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A part of what a judge sees.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// What the user asked.
    Input,
    /// The documents that the answer should rest on: the example's, else those that the subject retrieved.
    Context,
    /// The right answer.
    Reference,
}

/// A named text between fences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// What is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Material {
    /// What the user asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// The documents, as one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The right answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The answer.
    pub answer: String,
}

impl Material {
    /// Takes an example's and a reply's texts.
    pub fn of(example: &Example, reply: &Reply) -> Self {
        let given = documents_text(&example.context);
        Self {
            input: Some(input_text(&example.input)),
            context: given.or_else(|| documents_text(&reply.response.context)),
            reference: example.references().next().map(str::to_owned),
            answer: reply.response.output.clone(),
        }
    }

    /// Returns what is shown, in order, or names the part that is missing.
    pub(crate) fn parts(&self, shown: &[Shown]) -> Result<Vec<Part>, &'static str> {
        let mut parts = Vec::new();
        let wanted = [
            (Shown::Input, "input", &self.input),
            (Shown::Context, "context", &self.context),
            (Shown::Reference, "reference", &self.reference),
        ];
        for (part, name, text) in wanted {
            if shown.contains(&part) {
                parts.push(Part { name, text: text.clone().ok_or(name)? });
            }
        }
        parts.push(Part { name: "answer", text: self.answer.clone() });
        Ok(parts)
    }
}

/// Writes an input as a judge reads it: the only text as it is, a conversation by its roles, else all fields by their names.
fn input_text(input: &BTreeMap<String, Value>) -> String {
    let mut fields = input.iter();
    if let (Some((_, Value::String(text))), None) = (fields.next(), fields.next()) {
        return text.clone();
    }
    let field = |(name, value): (&String, &Value)| match value {
        Value::Array(messages) if name == "messages" => conversation(messages),
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    };
    input.iter().map(field).collect::<Vec<_>>().join("\n")
}

fn conversation(messages: &[Value]) -> String {
    let line = |message: &Value| {
        let role = message["role"].as_str().unwrap_or("unknown");
        match &message["content"] {
            Value::String(text) => format!("{role}: {text}"),
            other => format!("{role}: {other}"),
        }
    };
    messages.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn documents_text(documents: &[Document]) -> Option<String> {
    let texts: Vec<&str> =
        documents.iter().filter_map(|document| document.text.as_deref()).collect();
    match texts.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        several => {
            let numbered =
                several.iter().enumerate().map(|(index, text)| format!("[{}] {text}", index + 1));
            Some(numbered.collect::<Vec<_>>().join("\n\n"))
        }
    }
}
