//! What is reported beside a verdict.

use serde::Serialize;

use super::{Design, Direction, ScoreRange};
use crate::StatsError;
use crate::comparison::{
    Permutations, Resampling, cliffs_delta, hedges_g, mcnemar_mid_p, permute_labels, sign_flip_p,
};
use crate::convert::length_to_f64;
use crate::sample::{check_lengths, mean_of};

/// What is reported beside a verdict; `None` where it is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Companions {
    /// The two-sided p-value of the sign-flip permutation test, which flips clusters as a whole (labels, for independent samples).
    pub p_permutation: Option<f64>,
    /// The two-sided mid-p of `McNemar`'s test; of rates of pairs without clusters only.
    pub p_mcnemar: Option<f64>,
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
/// [`StatsError`] where the samples are empty, of different lengths, not finite or outside the range.
pub fn companions_paired(
    baseline: &[f64],
    candidate: &[f64],
    clusters: Option<&[usize]>,
    design: &Design,
    seed: u64,
) -> Result<Companions, StatsError> {
    check_lengths(("baseline", baseline.len()), ("candidate", candidate.len()))?;
    if let Some(labels) = clusters {
        check_lengths(("baseline", baseline.len()), ("clusters", labels.len()))?;
    }
    let companions = unpermuted(baseline, candidate, design)?;
    let differences: Vec<f64> =
        candidate.iter().zip(baseline).map(|(after, before)| after - before).collect();
    let p = sign_flip_p(&differences, clusters, resamples(differences.len()), seed);
    let p_mcnemar = match (design.range, clusters) {
        (ScoreRange::Binary, None) => changes(&differences),
        _ => None,
    };
    Ok(Companions { p_permutation: p.ok(), p_mcnemar, ..companions })
}

/// Returns the mid-p of the pairs that changed; `None` where a score is neither 0 nor 1.
fn changes(differences: &[f64]) -> Option<f64> {
    let (mut improved, mut worsened) = (0, 0);
    for difference in differences {
        match *difference {
            1.0 => improved += 1,
            -1.0 => worsened += 1,
            0.0 => {}
            _ => return None,
        }
    }
    Some(mcnemar_mid_p(improved, worsened).two_sided)
}

/// Returns what is reported beside the verdict of [`compare_unpaired`](super::compare_unpaired); `seed` starts the permutations.
///
/// # Errors
/// [`StatsError`] where a sample is empty, not finite or outside the range.
pub fn companions_unpaired(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
    seed: u64,
) -> Result<Companions, StatsError> {
    let companions = unpermuted(baseline, candidate, design)?;
    let resamples = resamples(baseline.len() + candidate.len());
    let permutations = Permutations::AllIfFew(Resampling { resamples, seed });
    let test = permute_labels(candidate, baseline, permutations);
    Ok(Companions { p_permutation: test.ok().map(|test| test.p_abs), ..companions })
}

fn unpermuted(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
) -> Result<Companions, StatsError> {
    design.check()?;
    design.check_scores("baseline", baseline)?;
    design.check_scores("candidate", candidate)?;
    let delta = design.sign() * cliffs_delta(candidate, baseline)?;
    let gain = design.sign() * (mean_of(candidate) - mean_of(baseline));
    Ok(Companions {
        p_permutation: None,
        p_mcnemar: None,
        cliffs_delta: Some(delta),
        // Undefined where neither sample varies.
        hedges_g: hedges_g(candidate, baseline).ok().map(|g| design.sign() * g),
        baseline_low_share: low_share(baseline, design),
        candidate_low_share: low_share(candidate, design),
        ranks_disagree: delta * gain < 0.0,
    })
}

/// Returns the number of permutations: enough for three digits of a p-value, and fewer where the samples are large.
fn resamples(observations: usize) -> u32 {
    const MOST: usize = 9_999;
    const FEWEST: usize = 999;
    let affordable = (20_000_000 / observations.max(1)).clamp(FEWEST, MOST);
    u32::try_from(affordable).unwrap_or(u32::MAX)
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
