//! The four parts of a dataset.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part of a dataset that an example belongs to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Partition {
    /// Hand-made and twice reviewed: the absolute minimum bar.
    Golden,
    /// Every fixed failure, for ever.
    Regression,
    /// Injections, empty and huge inputs, other languages, off-scope queries.
    Adversarial,
    /// Many examples that look like the traffic.
    Distribution,
}

/// The error for an unknown partition name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown partition `{0}`: expected `golden`, `regression`, `adversarial` or `distribution`"
)]
pub struct ParsePartitionError(String);

impl Partition {
    /// All partitions in canonical order.
    pub const ALL: [Self; 4] =
        [Self::Golden, Self::Regression, Self::Adversarial, Self::Distribution];

    /// Returns the name as files, tables and configuration spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Golden => "golden",
            Self::Regression => "regression",
            Self::Adversarial => "adversarial",
            Self::Distribution => "distribution",
        }
    }

    /// Returns the name of the partition's file in a dataset folder.
    pub fn file_name(self) -> String {
        format!("{}.jsonl", self.name())
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Partition {
    type Err = ParsePartitionError;

    fn from_str(text: &str) -> Result<Self, ParsePartitionError> {
        Self::ALL
            .into_iter()
            .find(|partition| partition.name() == text)
            .ok_or_else(|| ParsePartitionError(text.to_owned()))
    }
}
