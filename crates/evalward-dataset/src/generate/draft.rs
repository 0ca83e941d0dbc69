//! An example on its way: where it comes from, and the id that follows from what it says.

use evalward_core::{Digest, Example, ExampleId, InvalidId, Partition};
use serde_json::{Map, Value, json};

/// What is noted of how an example was made.
#[derive(Clone, Debug)]
pub(super) struct Origin<'a> {
    pub(super) recipe: &'a str,
    pub(super) seed: u64,
    /// The id of the rule in the recipe.
    pub(super) rule: &'a str,
    pub(super) kind: &'a str,
    pub(super) parent: Option<&'a str>,
    pub(super) parameters: Map<String, Value>,
}

/// Finishes an example: id, cluster, tags, and how it was made.
pub(super) fn finish(
    mut example: Example,
    partition: Partition,
    tags: &[String],
    cluster: String,
    origin: &Origin<'_>,
) -> Result<Example, InvalidId> {
    let Origin { recipe, seed, rule, kind, parent, parameters } = origin;
    let input: Map<String, Value> = example.input.clone().into_iter().collect();
    let content = json!({"rule": rule, "kind": kind, "parent": parent, "input": input});
    let hash = Digest::of_json(&content).short();
    example.id = ExampleId::new(format!("gen-{recipe}-{hash}"))?;
    example.partition = partition;
    example.cluster = Some(cluster);
    example.tags = std::iter::once("generated")
        .chain(tags.iter().map(String::as_str))
        .map(str::to_owned)
        .collect();
    let mut generated = Map::new();
    generated.insert("by".to_owned(), "evalward dataset generate".into());
    generated.insert("kind".to_owned(), (*kind).into());
    if let Some(parent) = parent {
        generated.insert("parent".to_owned(), (*parent).into());
    }
    generated.insert("recipe".to_owned(), (*recipe).into());
    generated.insert("rule".to_owned(), (*rule).into());
    generated.insert("seed".to_owned(), (*seed).into());
    if !parameters.is_empty() {
        generated.insert("parameters".to_owned(), Value::Object(parameters.clone()));
    }
    example.metadata.insert("generated".to_owned(), Value::Object(generated));
    Ok(example)
}
