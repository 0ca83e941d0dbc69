//! From a recipe to examples that the dataset takes.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Example, Partition, Seed};

use super::paraphrase::{DroppedParaphrase, Paraphrases};
use super::recipe::Recipe;
use super::{adversarial, perturb, templates};
use crate::near::{Input, Search, Similarity, input_text, spill_error};
use crate::{Addition, Dataset, DatasetError, add};

/// How to generate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GenerateOptions {
    /// From this similarity to an input of another cluster on an example is left out.
    pub near_duplicates: Similarity,
    /// Whether to make examples without writing them.
    pub dry_run: bool,
    /// What the recipe's models wrote; nothing by default.
    pub paraphrases: Paraphrases,
}

/// What was generated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generated {
    /// The new examples, in the order of the recipe.
    pub examples: Vec<Example>,
    /// How many each partition gets.
    pub added: BTreeMap<Partition, u64>,
    /// How many the recipe asks for that could not be made: texts that a rule cannot change, slots and families that give no
    /// more, paraphrases that were dropped.
    pub missing: u64,
    /// How many the dataset had already, from an earlier time.
    pub present: u64,
    /// How many were left out, because their input is nearly that of an example of another cluster, or that of any to the byte.
    pub near_duplicates: u64,
    /// The paraphrases that were dropped.
    pub dropped: Vec<DroppedParaphrase>,
}

/// Makes the examples of a recipe and appends them to their partition files; what the dataset has already is not made again.
///
/// # Errors
/// Files of the recipe that cannot be read or make no sense; a dataset with errors ([`DatasetError::NotAccepted`]), which is
/// then left as it was.
pub fn generate(
    dataset: &Dataset,
    recipe: &Recipe,
    options: &GenerateOptions,
    progress: &mut dyn FnMut(&'static str, u64, u64),
) -> Result<Generated, DatasetError> {
    let seed = Seed::from_number(recipe.seed).derive(&recipe.name);
    let mut made = Vec::new();
    templates::expand(recipe, seed, &mut made)?;
    perturb::make(dataset, recipe, seed, &mut made)?;
    let Paraphrases { examples, present, dropped } = &options.paraphrases;
    made.extend(examples.iter().cloned());
    adversarial::make(recipe, seed, &mut made)?;
    let mut ids = BTreeSet::new();
    made.retain(|example| ids.insert(example.id.to_string()));
    let count = u64::try_from(made.len()).unwrap_or(u64::MAX);
    let missing = asked(recipe).saturating_sub(count).saturating_sub(*present);
    let mut generated = Generated { missing, dropped: dropped.clone(), ..Generated::default() };
    let refused = repeated(dataset, &mut made, options.near_duplicates, &mut generated, progress)?;
    generated.present += present;
    for example in made {
        if refused.contains(example.id.as_str()) {
            generated.near_duplicates += 1;
            continue;
        }
        *generated.added.entry(example.partition).or_default() += 1;
        generated.examples.push(example);
    }
    if !options.dry_run && !generated.examples.is_empty() {
        let additions: Vec<Addition> = generated
            .examples
            .iter()
            .map(|example| Addition { example: example.clone(), approvals: Vec::new() })
            .collect();
        add(dataset, &additions)?;
    }
    Ok(generated)
}

/// Returns how many examples the recipe asks for.
fn asked(recipe: &Recipe) -> u64 {
    let templates = recipe.templates.values().map(|it| it.count);
    let perturbations = recipe.perturbations.values().map(|it| it.settings().count);
    let paraphrases = recipe.paraphrases.values().map(|it| it.count);
    let families = recipe.adversarial.families().into_iter().map(|(_, it)| it.count);
    templates.chain(perturbations).chain(paraphrases).chain(families).map(u64::from).sum()
}

/// Takes out what the dataset has, and returns the ids of those that repeat an input.
fn repeated(
    dataset: &Dataset,
    made: &mut Vec<Example>,
    threshold: Similarity,
    generated: &mut Generated,
    progress: &mut dyn FnMut(&'static str, u64, u64),
) -> Result<BTreeSet<String>, DatasetError> {
    let mut search = Search::new().map_err(spill_error)?;
    let mut first: u32 = 0;
    let mut present = BTreeSet::new();
    let ids: BTreeSet<String> = made.iter().map(|example| example.id.to_string()).collect();
    for example in dataset.all_examples() {
        let example = example?;
        if ids.contains(example.value.id.as_str()) {
            present.insert(example.value.id.to_string());
        }
        push(&mut search, &example.value, example.line)?;
        first = first.saturating_add(1);
    }
    made.retain(|example| !present.contains(example.id.as_str()));
    generated.present = u64::try_from(present.len()).unwrap_or(u64::MAX);
    for (line, example) in (1..).zip(made.iter()) {
        push(&mut search, example, line)?;
    }
    let limit = made.len();
    let found = search.finish(threshold.get(), first, limit, progress).map_err(spill_error)?;
    Ok(found.matches.into_iter().map(|found| found.later.id).collect())
}

fn push(search: &mut Search, example: &Example, line: u64) -> Result<(), DatasetError> {
    let id = example.id.as_str();
    let text = input_text(&example.input);
    let (partition, cluster) = (example.partition, example.cluster.as_deref().or(Some(id)));
    search.push(&Input { id, partition, line, text: &text, cluster }).map_err(spill_error)
}
