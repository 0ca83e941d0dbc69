//! Examples that ask the same.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Digest, Example, ExampleId};
use evalward_dataset::{Dataset, DatasetError};
use serde_json::{Map, Value, json};

/// What a dataset has that candidates could repeat.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// Examples by their ids, where a candidate has that id.
    pub(super) examples: BTreeMap<ExampleId, Example>,
    /// The examples that ask what a candidate asks, by what they ask.
    askers: BTreeMap<Digest, Example>,
}

impl Present {
    /// Reads the dataset once, and keeps what concerns the candidates.
    pub(super) fn read(dataset: &Dataset, candidates: &[Example]) -> Result<Self, DatasetError> {
        let ids: BTreeSet<&ExampleId> = candidates.iter().map(|example| &example.id).collect();
        let asked: BTreeSet<Digest> = candidates.iter().flat_map(asks).collect();
        let mut present = Self::default();
        for example in dataset.all_examples() {
            let example = example?.value;
            for question in asks(&example) {
                if asked.contains(&question) {
                    present.askers.entry(question).or_insert_with(|| example.clone());
                }
            }
            if ids.contains(&example.id) {
                present.examples.insert(example.id.clone(), example);
            }
        }
        Ok(present)
    }

    /// Returns another example that asks exactly what this one does.
    pub(super) fn same_question(&self, example: &Example) -> Option<&Example> {
        let askers = asks(example).into_iter().filter_map(|question| self.askers.get(&question));
        askers.into_iter().find(|other| other.id != example.id)
    }

    /// Returns the example that guards against this failure too: it comes from the same interaction, whose answer broke several
    /// rules at once, and expects the same.
    pub(super) fn twin(&self, example: &Example) -> Option<&Example> {
        let origin = |example: &Example| example.failure.as_ref()?.origin.clone();
        self.same_question(example).filter(|other| {
            origin(example).is_some()
                && origin(example) == origin(other)
                && example.expected_output == other.expected_output
                && example.checks == other.checks
        })
    }

    /// Notes a candidate that will be in the dataset.
    pub(super) fn insert(&mut self, example: &Example) {
        for question in asks(example) {
            self.askers.entry(question).or_insert_with(|| example.clone());
        }
    }
}

/// Returns hashes of what an example asks: its whole input and, where a user wrote just one text, that text, so that a question
/// and a conversation of one message are the same.
fn asks(example: &Example) -> Vec<Digest> {
    let input: Map<String, Value> = example.input.clone().into_iter().collect();
    let mut asks = vec![Digest::of_json(&Value::Object(input))];
    if let Some(question) = question_of(&example.input) {
        asks.push(Digest::of_json(&json!(["question", question.trim()])));
    }
    asks
}

fn role(message: &Value) -> Option<&str> {
    message.get("role").and_then(Value::as_str)
}

/// Returns the one text that a user wrote: the question, or the only message beside the system's or developer's.
fn question_of(input: &BTreeMap<String, Value>) -> Option<&str> {
    if input.len() != 1 {
        return None;
    }
    if let Some(Value::String(question)) = input.get("question") {
        return Some(question);
    }
    let messages = input.get("messages")?.as_array()?;
    let mut spoken = messages.iter().filter(|it| !matches!(role(it), Some("system" | "developer")));
    let only = spoken.next().filter(|it| role(it) == Some("user"))?;
    only.get("content").and_then(Value::as_str).filter(|_| spoken.next().is_none())
}
