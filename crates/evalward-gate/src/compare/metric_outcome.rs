//! What the comparison of a metric comes to.

use std::fmt;

use evalward_core::{Finite, Partition};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ComparePolicy;
use crate::GateStatus;

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectOfMetric {
    /// The share of trials that passed.
    PassRate,
    /// The scores of the metric with this id.
    Metric(String),
}

impl SubjectOfMetric {
    /// Returns the metric's id, or `pass_rate`.
    pub fn name(&self) -> &str {
        match self {
            Self::PassRate => ComparePolicy::PASS_RATE,
            Self::Metric(id) => id,
        }
    }
}

impl fmt::Display for SubjectOfMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PassRate => formatter.pad("pass rate"),
            Self::Metric(id) => formatter.pad(id),
        }
    }
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
    /// The largest loss that does not matter, in score units; without one the difference is only described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Finite>,
    /// The number of pairs.
    pub n: u64,
    /// Examples with a score on one side only, because the metric did not apply to the other answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub one_sided: u64,
    /// Pairs in which at least one trial of either side errored.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errored: u64,
    /// The number of trials behind the baseline's scores.
    pub baseline_trials: u64,
    /// The number of trials behind the candidate's scores.
    pub candidate_trials: u64,
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
    /// Why this method, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the comparison comes to.
    pub verdict: ComparisonVerdict,
    /// What the older procedure concludes, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<String>,
    /// What the comparison means for the decision.
    pub status: GateStatus,
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
    /// What is reported beside the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companions: Option<ComparisonCompanions>,
    /// The power to find a loss of the margin with these examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Finite>,
    /// The number of examples at which a loss of the margin is found with a power of 80 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_required: Option<u64>,
    /// The difference if every errored example had the worst, or the best, score; absent where none errored, and where the scale
    /// has no ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_case: Option<WorstCase>,
    /// Why there is no verdict, or what to know about it, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What the comparison of a metric comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonVerdict {
    /// The candidate is worse: the interval lies below 0.
    Regression,
    /// The candidate is better: the interval lies above 0.
    Improvement,
    /// Any difference is smaller than the margin.
    Equivalent,
    /// The difference is real, and smaller than the margin.
    Trivial,
    /// The evidence does not tell.
    Inconclusive,
    /// The scores cannot be compared.
    Invalid,
    /// There is no margin to judge by; the difference is only described.
    Described,
}

/// What is reported beside a verdict; absent where it is undefined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonCompanions {
    /// The two-sided p-value of the sign-flip permutation test, which flips clusters as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_permutation: Option<Finite>,
    /// The two-sided mid-p of `McNemar`'s test; of rates without clusters only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_mcnemar: Option<Finite>,
    /// Cliff's delta, positive where the candidate is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cliffs_delta: Option<Finite>,
    /// Hedges' g, positive where the candidate is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hedges_g: Option<Finite>,
    /// The share of the baseline's scores in the worst two grades; of grades only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_low_share: Option<Finite>,
    /// The share of the candidate's scores in the worst two grades; of grades only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate_low_share: Option<Finite>,
    /// Whether ranks and means disagree in sign.
    pub ranks_disagree: bool,
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
