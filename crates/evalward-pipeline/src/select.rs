//! Which examples of a dataset are evaluated.

use std::collections::BTreeSet;

use evalward_core::{Example, ExampleId, Partition, Selection};
use evalward_dataset::Dataset;

use crate::ExampleError;

/// Decides for each example whether it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What the user asked for.
    pub selection: Selection,
    /// The examples that failed or errored in the run that `selection.only_failed` names.
    pub failed_before: BTreeSet<ExampleId>,
    /// The only examples that can be evaluated, whatever was asked for; all by default.
    pub only: Option<BTreeSet<ExampleId>>,
}

impl Filter {
    /// Returns whether a partition is evaluated at all.
    pub fn wants_partition(&self, partition: Partition) -> bool {
        self.selection.partitions.is_empty() || self.selection.partitions.contains(&partition)
    }

    /// Returns whether an example is evaluated here.
    pub fn wants(&self, example: &Example) -> bool {
        self.asks_for(example) && self.selection.shard.is_none_or(|shard| shard.holds(&example.id))
    }

    /// Returns whether an example is evaluated, here or in another shard.
    pub fn asks_for(&self, example: &Example) -> bool {
        let Selection { ids, tags, only_failed, .. } = &self.selection;
        self.wants_partition(example.partition)
            && (ids.is_empty() || ids.iter().any(|id| id == example.id.as_str()))
            && (tags.is_empty() || tags.iter().any(|tag| example.tags.contains(tag)))
            && self.only.as_ref().is_none_or(|only| only.contains(&example.id))
            && (only_failed.is_none() || self.failed_before.contains(&example.id))
    }
}

/// Streams the examples that are evaluated here, in the order of the dataset, with the text of their documents.
pub fn selected_examples<'a>(
    dataset: &'a Dataset,
    filter: &'a Filter,
) -> impl Iterator<Item = Result<Example, ExampleError>> + 'a {
    placed_examples(dataset, filter).map(|example| example.map(|(_, example)| example))
}

/// Streams the examples as [`selected_examples`] does, each with its place among all that were asked for, from 0.
pub fn placed_examples<'a>(
    dataset: &'a Dataset,
    filter: &'a Filter,
) -> impl Iterator<Item = Result<(u64, Example), ExampleError>> + 'a {
    let partitions =
        Partition::ALL.into_iter().filter(|partition| filter.wants_partition(*partition));
    let mut places = 0..;
    partitions.flat_map(|partition| dataset.examples(partition)).filter_map(move |example| {
        let mut example = match example {
            Ok(example) if filter.asks_for(&example.value) => example,
            Ok(_) => return None,
            Err(error) => return Some(Err(error.into())),
        };
        let place = places.next()?;
        if !filter.wants(&example.value) {
            return None;
        }
        let resolved = dataset.resolve_context(&mut example);
        Some(resolved.map(|()| (place, example.value)).map_err(Into::into))
    })
}
