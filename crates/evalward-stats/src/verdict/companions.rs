//! What is reported beside a verdict.

use serde::Serialize;

use super::{Design, Direction, ScoreRange};
use crate::StatsError;
use crate::convert::length_to_f64;
use crate::sample::check_lengths;

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

/// Returns what is reported beside the verdict of [`compare_paired`](super::compare_paired); `seed` starts the permutations.
///
/// # Errors
/// As [`compare_paired`](super::compare_paired).
pub fn companions_paired(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
    seed: u64,
) -> Result<Companions, StatsError> {
    check_lengths(("baseline", baseline.len()), ("candidate", candidate.len()))?;
    companions_unpaired(baseline, candidate, design, seed)
}

/// Returns what is reported beside the verdict of [`compare_unpaired`](super::compare_unpaired); `seed` starts the permutations.
///
/// # Errors
/// As [`compare_unpaired`](super::compare_unpaired).
pub fn companions_unpaired(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
    seed: u64,
) -> Result<Companions, StatsError> {
    let _ = seed;
    design.check()?;
    design.check_scores("baseline", baseline)?;
    design.check_scores("candidate", candidate)?;
    Ok(Companions {
        baseline_low_share: low_share(baseline, design),
        candidate_low_share: low_share(candidate, design),
        ..Companions::default()
    })
}

/// Returns the share of scores in the worst two grades.
fn low_share(scores: &[f64], design: &Design) -> Option<f64> {
    let ScoreRange::Ordinal { low, high } = design.range else { return None };
    let is_low = |score: &f64| match design.direction {
        Direction::HigherIsBetter => *score <= low + 1.0,
        Direction::LowerIsBetter => *score >= high - 1.0,
    };
    let n = length_to_f64(scores.len());
    let low = length_to_f64(scores.iter().filter(|score| is_low(score)).count());
    (n > 0.0).then_some(low / n)
}
