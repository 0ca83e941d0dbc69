//! What a comparison of two runs comes to.

use evalward_core::{ExampleId, Finite, Partition, RunId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Each metric in each partition, the blocking ones first.
    pub metrics: Vec<MetricComparison>,
    /// Examples that passed in the baseline and fail in the candidate.
    pub worsened: Vec<Flip>,
    /// Examples that failed in the baseline and pass in the candidate.
    pub improved: Vec<Flip>,
}

/// A run, as a comparison names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparedRun {
    /// The run.
    pub run_id: RunId,
    /// The suite.
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

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectOfMetric {
    /// The share of trials that passed.
    PassRate,
    /// The scores of the metric with this id.
    Metric(String),
}

/// Whether a comparison decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricRole {
    /// A regression blocks; corrected by Holm over all of these.
    Blocking,
    /// Only reported; corrected by Benjamini-Hochberg over all of these.
    Exploratory,
}

/// A metric in a partition, or over all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricComparison {
    /// What is compared.
    pub what: SubjectOfMetric,
    /// The partition.
    pub partition: Partition,
    /// Whether it decides.
    pub role: MetricRole,
    /// Whether smaller scores are better.
    pub lower_is_better: bool,
    /// The largest loss that does not matter, in score units.
    pub margin: Finite,
    /// The number of pairs.
    pub n: u64,
    /// The number of clusters.
    pub clusters: u64,
    /// The mean of the baseline's scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_mean: Option<Finite>,
    /// The mean of the candidate's scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate_mean: Option<Finite>,
    /// The mean difference, positive where the candidate is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Finite>,
    /// The lower end of the difference's interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Finite>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Finite>,
    /// How the interval was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `regression`, `improvement`, `equivalent`, `trivial`, `inconclusive` or `invalid`.
    pub verdict: String,
    /// Of a regression: whether the whole interval lies at or below `-margin`.
    pub confirmed: bool,
    /// Whether the interval lies above `-margin`.
    pub non_inferior: bool,
    /// The one-sided p-value of "the candidate is not worse".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_regression: Option<Finite>,
    /// The p-value corrected for the number of comparisons of the same role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_adjusted: Option<Finite>,
    /// The power to find a loss of the margin with these examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Finite>,
    /// The number of examples at which a loss of the margin is found with a power of 80 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_required: Option<u64>,
    /// The difference if every errored example had the worst, or the best, score; absent where none errored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_case: Option<WorstCase>,
    /// Why there is no verdict, or what to know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Bounds of the difference whatever the errored examples would have scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorstCase {
    /// The number of pairs in which at least one side is errored.
    pub errored: u64,
    /// The smallest difference possible.
    pub low: Finite,
    /// The largest difference possible.
    pub high: Finite,
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
}
