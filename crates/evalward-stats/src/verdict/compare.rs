//! The comparison of two samples of scores.

use serde::Serialize;

use super::Design;
use crate::{Interval, StatsError};

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
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
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// Student's t on the differences of pairs.
    PairedT,
    /// Cluster-robust (CR2) with Bell-McCaffrey degrees of freedom.
    ClusterRobust,
    /// Tango's score interval for paired rates.
    Tango,
    /// Finite-sample betting interval on the declared range.
    Betting,
    /// Welch's t for independent samples.
    Welch,
    /// Miettinen and Nurminen's score interval for independent rates.
    MiettinenNurminen,
}

/// A comparison of a candidate with a baseline; differences are candidate - baseline in the better direction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The number of pairs; of independent samples, the smaller number of observations.
    pub n: usize,
    /// The number of clusters; `n` where each pair is its own.
    pub clusters: usize,
    /// The mean of the baseline's scores, as they are.
    pub baseline_mean: f64,
    /// The mean of the candidate's scores, as they are.
    pub candidate_mean: f64,
    /// The mean difference, positive where the candidate is better.
    pub estimate: f64,
    /// The interval for the difference at level `1 - 2 alpha`.
    pub ci: Interval,
    /// How the interval was made.
    pub method: IntervalMethod,
    /// Why this method, in words.
    pub reason: &'static str,
    /// What the comparison comes to.
    pub verdict: Verdict,
    /// Of a regression: whether the whole interval lies at or below `-margin`; else the loss is "at least some".
    pub confirmed: bool,
    /// The one-sided p-value of "the candidate is not worse".
    pub p_regression: f64,
    /// Whether the interval lies above `-margin`.
    pub non_inferior: bool,
    /// The power to find a loss of the margin with these examples; `None` where it cannot be said.
    pub power: Option<f64>,
    /// The number of examples at which a loss of the margin is found with the target power.
    pub n_required: Option<u64>,
    /// What is reported beside the verdict.
    pub companions: Companions,
}

/// What is reported beside a verdict; `None` where it is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Companions {
    /// The two-sided p-value of the sign-flip permutation test (labels, for independent samples).
    pub p_permutation: Option<f64>,
    /// Cliff's delta, positive where the candidate is better.
    pub cliffs_delta: Option<f64>,
    /// Hedges' g, positive where the candidate is better.
    pub hedges_g: Option<f64>,
    /// The share of the baseline's scores in the worst two grades; of ordinal scores only.
    pub baseline_low_share: Option<f64>,
    /// The share of the candidate's scores in the worst two grades; of ordinal scores only.
    pub candidate_low_share: Option<f64>,
    /// Whether ranks and means disagree in sign.
    pub ranks_disagree: bool,
}

/// Compares scores of the same examples.
///
/// `clusters` gives each pair's cluster; pairs of one cluster are not independent. Repeats of an example are averaged before.
///
/// # Errors
/// Returns [`StatsError`] where the samples are too small, of different lengths, not finite or outside the range, or where the
/// design is not one.
pub fn compare_paired(
    baseline: &[f64],
    candidate: &[f64],
    clusters: Option<&[usize]>,
    design: &Design,
) -> Result<Comparison, StatsError> {
    let _ = (baseline, candidate, clusters, design);
    todo!()
}

/// Compares independent samples of scores.
///
/// # Errors
/// As [`compare_paired`].
pub fn compare_unpaired(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
) -> Result<Comparison, StatsError> {
    let _ = (baseline, candidate, design);
    todo!()
}
