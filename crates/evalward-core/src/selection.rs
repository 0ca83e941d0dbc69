//! Which examples a run evaluates.

use std::fmt;
use std::num::{NonZeroU32, NonZeroU64};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Digest, ExampleId, Partition, RunId};

/// Which examples of the dataset were asked for; empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Only these partitions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// Only examples with one of these ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Only examples with at least one of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Only examples that failed or errored in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_failed: Option<RunId>,
    /// Only so many examples, drawn from each partition in proportion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleSize>,
    /// Only this part of the examples; the rest is evaluated elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

/// How many examples are drawn, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSize {
    /// The number of examples.
    pub n: NonZeroU64,
    /// What they are drawn by; the same seed draws the same examples.
    pub seed: u64,
}

/// One of several equal parts of a run's examples.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The number of the part, from 1.
    pub index: NonZeroU32,
    /// The number of parts.
    pub of: NonZeroU32,
}

impl Shard {
    /// Returns whether an example belongs to the part: by the hash of its id, so that an added example moves no other.
    pub fn holds(self, example: &ExampleId) -> bool {
        let digest = Digest::of(example.as_str().as_bytes());
        let head = digest.as_bytes().first_chunk().map_or(0, |head| u64::from_le_bytes(*head));
        head % u64::from(self.of.get()) == u64::from(self.index.get() - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ParseShardError;

    fn from_str(text: &str) -> Result<Self, ParseShardError> {
        let (index, of) = text.split_once('/').ok_or(ParseShardError)?;
        let number = |text: &str| text.trim().parse::<NonZeroU32>().map_err(|_| ParseShardError);
        let shard = Self { index: number(index)?, of: number(of)? };
        (shard.index <= shard.of).then_some(shard).ok_or(ParseShardError)
    }
}

/// The error for a text that names no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not of the form I/N with I from 1 to N, such as 2/4")]
pub struct ParseShardError;

impl Selection {
    /// Returns whether each example of the partitions is evaluated, here and not elsewhere.
    pub fn keeps_partitions_whole(&self) -> bool {
        !self.is_hand_picked() && self.sample.is_none() && self.shard.is_none()
    }

    /// Returns whether somebody chose the examples, so that a rate over them means nothing.
    pub fn is_hand_picked(&self) -> bool {
        !self.ids.is_empty() || !self.tags.is_empty() || self.only_failed.is_some()
    }
}
