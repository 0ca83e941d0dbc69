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

impl Origin<'_> {
    /// Returns what an example says of how it was made.
    pub(super) fn noted(&self) -> Value {
        let mut generated = Map::new();
        generated.insert("by".to_owned(), "evalward dataset generate".into());
        generated.insert("kind".to_owned(), self.kind.into());
        if let Some(parent) = self.parent {
            generated.insert("parent".to_owned(), parent.into());
        }
        generated.insert("recipe".to_owned(), self.recipe.into());
        generated.insert("rule".to_owned(), self.rule.into());
        generated.insert("seed".to_owned(), self.seed.into());
        if !self.parameters.is_empty() {
            generated.insert("parameters".to_owned(), Value::Object(self.parameters.clone()));
        }
        Value::Object(generated)
    }
}

/// Finishes an example: id, cluster, tags, and how it was made.
pub(super) fn finish(
    mut example: Example,
    partition: Partition,
    tags: &[String],
    cluster: String,
    origin: &Origin<'_>,
) -> Result<Example, InvalidId> {
    let Origin { recipe, rule, kind, parent, .. } = origin;
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
    example.metadata.insert("generated".to_owned(), origin.noted());
    Ok(example)
}
