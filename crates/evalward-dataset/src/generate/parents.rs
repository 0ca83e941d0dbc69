//! The examples that are changed, and the text of theirs that is.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Example, Partition, Seed};
use serde_json::Value;

use crate::near::mix;
use crate::{Dataset, DatasetError};

/// Which examples may be parents.
#[derive(Clone, Copy)]
pub(super) struct Eligible<'a> {
    pub(super) from: &'a [Partition],
    pub(super) field: Option<&'a str>,
    /// Whether there is anything to do with a text.
    pub(super) takes: fn(&str) -> bool,
}

/// Draws at most so many examples of some partitions that have a text to change; which ones follows from the seed and their
/// ids alone. Generated examples are nobody's parents.
pub(super) fn draw(
    dataset: &Dataset,
    eligible: Eligible<'_>,
    most: u32,
    seed: Seed,
) -> Result<Vec<Example>, DatasetError> {
    let Eligible { from, field, takes } = eligible;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut drawn: BTreeMap<(u64, String), Example> = BTreeMap::new();
    let from: BTreeSet<Partition> = from.iter().copied().collect();
    for partition in from {
        for example in dataset.examples(partition) {
            let example = example?.value;
            let is_eligible = text_of(&example, field).is_some_and(takes);
            if example.metadata.contains_key("generated") || !is_eligible {
                continue;
            }
            let rank = mix(seed.derive(example.id.as_str()).number());
            drawn.insert((rank, example.id.to_string()), example);
            if drawn.len() > most {
                drawn.pop_last();
            }
        }
    }
    Ok(drawn.into_values().collect())
}

/// Returns the text to change: that of the field, else the only text of the input, else the last message of the user.
pub(super) fn text_of<'a>(example: &'a Example, field: Option<&str>) -> Option<&'a str> {
    let input = &example.input;
    if let Some(field) = field {
        return input.get(field)?.as_str();
    }
    if let Some(Value::Array(messages)) = input.get("messages") {
        let said = messages.iter().rev().find(|message| is_users(message))?;
        return said.get("content")?.as_str();
    }
    let mut texts = input.values().filter_map(Value::as_str);
    texts.next().filter(|_| texts.next().is_none())
}

/// Puts another text in its place.
pub(super) fn with_text(mut example: Example, field: Option<&str>, text: String) -> Example {
    let place = match (field, example.input.contains_key("messages")) {
        (Some(field), _) => example.input.get_mut(field),
        (None, true) => example
            .input
            .get_mut("messages")
            .and_then(Value::as_array_mut)
            .and_then(|messages| messages.iter_mut().rev().find(|message| is_users(message)))
            .and_then(|message| message.get_mut("content")),
        (None, false) => example.input.values_mut().find(|value| value.is_string()),
    };
    if let Some(place) = place {
        *place = Value::String(text);
    }
    example
}

/// Copies what holds of a child too, where its text means the same: the input and the expectation.
pub(super) fn same_expectation(parent: &Example) -> Example {
    Example {
        input: parent.input.clone(),
        expected_output: parent.expected_output.clone(),
        acceptable_outputs: parent.acceptable_outputs.clone(),
        context: parent.context.clone(),
        checks: parent.checks.clone(),
        sources: parent.sources.clone(),
        ..Example::with_id(parent.id.clone(), parent.partition)
    }
}

/// Returns the cluster of what is made of an example: its own, else its id.
pub(super) fn cluster_of(parent: &Example) -> String {
    parent.cluster.clone().unwrap_or_else(|| parent.id.to_string())
}

fn is_users(message: &Value) -> bool {
    message.get("role").and_then(Value::as_str) == Some("user")
}
