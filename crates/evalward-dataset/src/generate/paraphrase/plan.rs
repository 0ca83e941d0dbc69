//! Which examples are put in other words, and what a model is told.

use std::collections::BTreeMap;

use evalward_core::{ChatRequest, Example, Seed};
use serde_json::{Map, Value};

use super::prompt;
use super::task::ParaphraseTask;
use crate::generate::draft::Origin;
use crate::generate::parents::{Eligible, draw, text_of};
use crate::generate::recipe::{ParaphraseRecipe, Recipe};
use crate::near::normalize;
use crate::{Dataset, DatasetError};

/// The kind, as examples note it.
pub(super) const KIND: &str = "paraphrase";

/// Texts of more characters are not put in other words.
const MOST_CHARACTERS: usize = 4000;

/// How many characters of a paraphrase are compared; those that are kept have fewer.
const COMPARED: usize = 4 * MOST_CHARACTERS;

/// Draws the examples that the recipe's models are asked about; the same recipe, dataset and seed draw the same.
///
/// The requests name the model of each rule and its parameters, by the rule's id; a rule without one is left out.
///
/// # Errors
/// A dataset that cannot be read.
pub fn plan_paraphrases(
    dataset: &Dataset,
    recipe: &Recipe,
    requests: &BTreeMap<String, ChatRequest>,
) -> Result<Vec<ParaphraseTask>, DatasetError> {
    let mut tasks = Vec::new();
    for (id, rule) in &recipe.paraphrases {
        let Some(request) = requests.get(id) else { continue };
        plan_rule(dataset, recipe, (id, rule), request, &mut tasks)?;
    }
    if !tasks.is_empty() {
        note_present(dataset, recipe, &mut tasks)?;
    }
    Ok(tasks)
}

fn plan_rule(
    dataset: &Dataset,
    recipe: &Recipe,
    (id, rule): (&str, &ParaphraseRecipe),
    request: &ChatRequest,
    tasks: &mut Vec<ParaphraseTask>,
) -> Result<(), DatasetError> {
    let seed = Seed::from_number(recipe.seed).derive(&recipe.name).derive("paraphrase").derive(id);
    let field = rule.field.as_deref();
    let eligible = Eligible { from: &rule.from, field, takes: can_be_said_otherwise };
    let parents = draw(dataset, eligible, rule.count.div_ceil(rule.per_parent.max(1)), seed)?;
    let mut left = rule.count;
    for parent in parents {
        let Some(text) = text_of(&parent, field).map(str::to_owned) else { continue };
        let wanted = rule.per_parent.min(left);
        left -= wanted;
        let mut request = request.clone();
        request.messages = prompt::messages(&text, rule.per_parent, rule.instructions.as_deref());
        request.label = parent.id.to_string();
        if rule.openai.is_some() && !request.parameters.contains_key("seed") {
            request.parameters.insert("seed".to_owned(), seed_of(seed, &parent).into());
        }
        tasks.push(ParaphraseTask {
            rule: id.to_owned(),
            text,
            wanted: usize::try_from(wanted).unwrap_or(usize::MAX),
            present: Vec::new(),
            parameters: parameters(&request, rule),
            request,
            parent,
        });
    }
    Ok(())
}

fn can_be_said_otherwise(text: &str) -> bool {
    text.chars().nth(MOST_CHARACTERS).is_none() && !normalize(text, MOST_CHARACTERS).is_empty()
}

/// Returns the form in which paraphrases are compared.
pub(super) fn normal_form(text: &str) -> String {
    normalize(text, COMPARED)
}

/// Returns what servers of all kinds take as a seed: a number below 2^31.
fn seed_of(seed: Seed, parent: &Example) -> u64 {
    seed.derive(parent.id.as_str()).number() >> 33
}

fn parameters(request: &ChatRequest, rule: &ParaphraseRecipe) -> Map<String, Value> {
    let mut noted = Map::new();
    noted.insert("model".to_owned(), request.model.as_str().into());
    noted.insert("prompt".to_owned(), prompt::VERSION.into());
    if let Some(temperature) = request.temperature {
        noted.insert("temperature".to_owned(), temperature.get().into());
    }
    if let Some(instructions) = &rule.instructions {
        noted.insert("instructions".to_owned(), instructions.as_str().into());
    }
    noted
}

/// Finds what the dataset has already of what is to be made.
fn note_present(
    dataset: &Dataset,
    recipe: &Recipe,
    tasks: &mut [ParaphraseTask],
) -> Result<(), DatasetError> {
    let mut by_origin: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for example in dataset.all_examples() {
        let example = example?.value;
        let Some(noted) = example.metadata.get("generated") else { continue };
        if noted.get("kind").and_then(Value::as_str) != Some(KIND) {
            continue;
        }
        let rule =
            noted.get("rule").and_then(Value::as_str).and_then(|id| recipe.paraphrases.get(id));
        let field = rule.and_then(|rule| rule.field.as_deref());
        if let Some(text) = text_of(&example, field) {
            let known = by_origin.entry(noted.to_string()).or_default();
            known.push(normal_form(text));
        }
    }
    for task in tasks {
        let noted = task.origin(recipe).noted().to_string();
        task.present = by_origin.remove(&noted).unwrap_or_default();
    }
    Ok(())
}

impl ParaphraseTask {
    /// Returns what is noted of an example that is made of the parent.
    pub(super) fn origin<'a>(&'a self, recipe: &'a Recipe) -> Origin<'a> {
        Origin {
            recipe: &recipe.name,
            seed: recipe.seed,
            rule: &self.rule,
            kind: KIND,
            parent: Some(self.parent.id.as_str()),
            parameters: self.parameters.clone(),
        }
    }
}
