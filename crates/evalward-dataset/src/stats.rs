//! Counting what a dataset holds.

use std::collections::BTreeMap;

use evalward_core::{Digest, Example, Partition};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::reviews::Reviews;
use crate::{Dataset, DatasetError};

/// What a dataset holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DatasetStats {
    /// The dataset's name.
    pub name: String,
    /// Its task type.
    pub task_type: String,
    /// The hash over the content of every example.
    pub hash: Digest,
    /// The number of examples.
    pub examples: u64,
    /// What each partition with a file holds.
    pub partitions: BTreeMap<Partition, PartitionStats>,
    /// How many examples have each tag.
    pub tags: BTreeMap<String, u64>,
}

/// What a partition holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartitionStats {
    /// The number of examples.
    pub examples: u64,
    /// How many have at least one right answer.
    pub with_expected_output: u64,
    /// How many have constraints of their own.
    pub with_checks: u64,
    /// How many have documents to ground the answer.
    pub with_context: u64,
    /// How many have at least one valid approval.
    pub with_approvals: u64,
    /// How many say that they are not independent of others.
    pub with_cluster: u64,
    /// How long the inputs are; absent without an example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_characters: Option<LengthQuantiles>,
}

/// Quantiles of lengths by nearest rank: each is a length that occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LengthQuantiles {
    /// The smallest.
    pub min: u32,
    /// The 10 % quantile.
    pub p10: u32,
    /// The median.
    pub p50: u32,
    /// The 90 % quantile.
    pub p90: u32,
    /// The 99 % quantile.
    pub p99: u32,
    /// The largest.
    pub max: u32,
}

impl LengthQuantiles {
    fn of(mut lengths: Vec<u32>) -> Option<Self> {
        lengths.sort_unstable();
        let rank = |percent: usize| {
            let rank = (lengths.len() * percent).div_ceil(100).max(1);
            lengths.get(rank - 1).copied()
        };
        Some(Self {
            min: *lengths.first()?,
            p10: rank(10)?,
            p50: rank(50)?,
            p90: rank(90)?,
            p99: rank(99)?,
            max: *lengths.last()?,
        })
    }
}

/// Counts what a dataset holds, in one streaming pass; four bytes an example stay in memory.
///
/// # Errors
/// The first line that cannot be read.
pub fn stats(dataset: &Dataset) -> Result<DatasetStats, DatasetError> {
    let reviews = Reviews::read(dataset, Err)?;
    let mut failure = None;
    let mut partitions: BTreeMap<Partition, PartitionStats> = BTreeMap::new();
    let mut lengths: BTreeMap<Partition, Vec<u32>> = BTreeMap::new();
    let mut tags = BTreeMap::new();
    let hash = Digest::chain(dataset.all_examples().map_while(|example| match example {
        Ok(example) => {
            let example = example.value;
            let content = example.content_hash();
            let partition = partitions.entry(example.partition).or_default();
            let tally = reviews.tally(&example, content, &dataset.manifest().owners);
            partition.insert(&example, !tally.valid.is_empty());
            lengths.entry(example.partition).or_default().push(input_characters(&example));
            for tag in example.tags {
                *tags.entry(tag).or_default() += 1;
            }
            Some(content)
        }
        Err(error) => {
            failure = Some(error);
            None
        }
    }));
    if let Some(error) = failure {
        return Err(error);
    }
    for (partition, lengths) in lengths {
        partitions.entry(partition).or_default().input_characters = LengthQuantiles::of(lengths);
    }
    let examples = partitions.values().map(|partition| partition.examples).sum();
    let (name, task_type) = (dataset.manifest().name.clone(), dataset.manifest().task_type.clone());
    Ok(DatasetStats { name, task_type, hash, examples, partitions, tags })
}

impl PartitionStats {
    fn insert(&mut self, example: &Example, is_approved: bool) {
        self.examples += 1;
        self.with_expected_output += u64::from(example.references().next().is_some());
        self.with_checks += u64::from(example.checks.is_some());
        self.with_context += u64::from(!example.context.is_empty());
        self.with_approvals += u64::from(is_approved);
        self.with_cluster += u64::from(example.cluster.is_some());
    }
}

/// Returns the number of characters in all texts of the input.
fn input_characters(example: &Example) -> u32 {
    let total: usize = example.input.values().map(characters).sum();
    u32::try_from(total).unwrap_or(u32::MAX)
}

fn characters(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.iter().map(characters).sum(),
        Value::Object(map) => map.values().map(characters).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
