//! What a comparison of two runs comes to.

use std::collections::BTreeMap;

use evalward_core::{ExampleId, Finite, Partition, RunId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MetricComparison, Procedure, Requirement};
use crate::Decision;

/// What a comparison of two runs comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunComparison {
    /// The version of this format.
    pub format: u32,
    /// What all blocking comparisons together come to.
    pub decision: Decision,
    /// The exit code that belongs to the decision.
    pub exit_code: u8,
    /// What to do now, in one sentence.
    pub advice: String,
    /// What to know about the comparison, without changing it.
    pub warnings: Vec<String>,
    /// The run that is compared with.
    pub baseline: ComparedRun,
    /// The run that is judged.
    pub candidate: ComparedRun,
    /// Which examples both runs have.
    pub overlap: Overlap,
    /// The one-sided error probability; intervals have the level `1 - 2 alpha`.
    pub alpha: Finite,
    /// The procedure.
    pub procedure: Procedure,
    /// What each blocking comparison must show.
    pub requirement: Requirement,
    /// Each metric in each partition, the blocking ones first.
    pub metrics: Vec<MetricComparison>,
    /// Metrics that only one of the runs has.
    pub uncompared: Vec<UncomparedMetric>,
    /// The length of the answers in each partition.
    pub lengths: Vec<LengthComparison>,
    /// What rose while something else got worse, a sentence each.
    pub tradeoffs: Vec<String>,
    /// Examples that passed in the baseline and fail in the candidate.
    pub worsened: Vec<Flip>,
    /// Examples that failed in the baseline and pass in the candidate.
    pub improved: Vec<Flip>,
}

impl RunComparison {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
}

/// A run, as a comparison names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedRun {
    /// The run.
    pub run_id: RunId,
    /// The name of the suite.
    pub suite: String,
    /// The subject, as people call it.
    pub subject: String,
    /// The version of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_version: Option<String>,
    /// When the run started.
    pub started_at: Timestamp,
}

/// Which examples both runs have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// The number of examples with the same id and content in both.
    pub paired: u64,
    /// The share of the smaller run's examples that are paired.
    pub share: Finite,
    /// Examples that only the candidate has.
    pub added: Vec<ExampleId>,
    /// Examples that only the baseline has.
    pub removed: Vec<ExampleId>,
    /// Examples whose content differs.
    pub changed: Vec<ExampleId>,
}

/// A metric that cannot be compared, because only one of the runs has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UncomparedMetric {
    /// The metric.
    pub metric: String,
    /// Why it is not compared.
    pub cause: String,
}

/// The length of the answers in a partition, in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LengthComparison {
    /// The partition.
    pub partition: Partition,
    /// The number of pairs with an answer on both sides.
    pub n: u64,
    /// The mean length of the baseline's answers.
    pub baseline_mean: Finite,
    /// The mean length of the candidate's answers.
    pub candidate_mean: Finite,
    /// The lower end of the interval for the difference, candidate - baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Finite>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Finite>,
}

/// An example whose outcome changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// The example.
    pub example_id: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// Trials that passed in the baseline, of all evaluated ones: `3/3`.
    pub baseline: String,
    /// Trials that passed in the candidate, of all evaluated ones.
    pub candidate: String,
    /// The scores that changed, by metric: the baseline's and the candidate's mean.
    pub scores: BTreeMap<String, [Finite; 2]>,
}
