//! Mann and Whitney's test of two independent samples.

use serde::Serialize;

use super::moments::check;
use super::tie_groups::{Ordered, TieGroup};
use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64, wide_to_f64};
use crate::special::normal_tails;

/// The most steps that the exact distribution of U may take.
const MAX_EXACT_STEPS: u64 = 50_000_000;

/// Mann and Whitney's test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MannWhitney {
    /// The number of pairs in which `a` is larger; ties count half.
    pub u: f64,
    /// The share of those pairs.
    pub auc: f64,
    /// Cliff's delta, `2 auc - 1`.
    pub cliffs_delta: f64,
    /// The two-sided p-value, corrected for ties and continuity.
    pub p_two_sided_asymp: f64,
    /// The p-value of "`a` does not tend to be smaller", corrected for ties and continuity.
    pub p_less_asymp: f64,
    /// The p-value of "`a` does not tend to be larger", corrected for ties and continuity.
    pub p_greater_asymp: f64,
    /// The two-sided p-value, corrected for ties only; `None` where all observations are tied.
    pub p_two_sided_asymp_nocc: Option<f64>,
    /// The exact two-sided p-value; `None` with ties or for samples of hundreds, where nothing is gained by it.
    pub p_two_sided_exact: Option<f64>,
    /// The exact p-value of "`a` does not tend to be smaller".
    pub p_less_exact: Option<f64>,
    /// The exact p-value of "`a` does not tend to be larger".
    pub p_greater_exact: Option<f64>,
}

/// Tests whether observations of one sample tend to be larger than those of another one.
///
/// Mann and Whitney (1947), "On a test of whether one of two random variables is stochastically larger than the other", Annals of
/// Mathematical Statistics 18; the variance with ties is that of Lehmann (1975), "Nonparametrics", equation (1.35). Assumes under
/// "no difference" that both come from the same distribution; where they may differ in spread, use
/// [`brunner_munzel`](super::brunner_munzel).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample and [`StatsError::NotFinite`] for a NaN or infinite observation.
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Result<MannWhitney, StatsError> {
    let pairs = PairCounts::of(a, b)?;
    Ok(pairs.test(pairs.exact()))
}

/// Does the same as [`mann_whitney`] without the exact p-values, which take most of its time for samples of a few dozen.
///
/// # Errors
/// As [`mann_whitney`].
pub fn mann_whitney_asymptotic(a: &[f64], b: &[f64]) -> Result<MannWhitney, StatsError> {
    Ok(PairCounts::of(a, b)?.test(None))
}

/// Counts of pairs of an observation of `a` with one of `b`.
struct PairCounts {
    n_a: u64,
    n_b: u64,
    twice_won: i128,
    twice_lost: i128,
    /// The sum of `t^3 - t` over groups of `t` tied observations.
    ties: f64,
    has_ties: bool,
}

impl PairCounts {
    fn of(a: &[f64], b: &[f64]) -> Result<Self, StatsError> {
        check("Mann and Whitney's U", "a", a, 1)?;
        check("Mann and Whitney's U", "b", b, 1)?;
        let mut counts =
            Self { n_a: 0, n_b: 0, twice_won: 0, twice_lost: 0, ties: 0.0, has_ties: false };
        Ordered::of(a, b).for_each_group(|group| counts.add(group));
        Ok(counts)
    }

    /// Returns the test with these exact one-sided p-values.
    fn test(&self, exact: Option<(f64, f64)>) -> MannWhitney {
        let size = count_to_f64(self.n_a) * count_to_f64(self.n_b);
        let u = wide_to_f64(self.twice_won) / 2.0;
        let lost = wide_to_f64(self.twice_lost) / 2.0;
        let n = count_to_f64(self.n_a) + count_to_f64(self.n_b);
        let sd = (size / 12.0 * (n + 1.0 - self.ties / n / (n - 1.0)).max(0.0)).sqrt();
        let upper = |u: f64, correction: f64| {
            let distance = u - size / 2.0 - correction;
            // Where all are tied, the correction alone decides.
            if sd > 0.0 { normal_tails(distance / sd).upper } else { 1.0 }
        };
        let larger = u.max(lost);
        let two_sided = |(less, greater): (f64, f64)| (2.0 * less.min(greater)).min(1.0);
        MannWhitney {
            u,
            auc: u / size,
            cliffs_delta: (u - lost) / size,
            p_two_sided_asymp: (2.0 * upper(larger, 0.5)).min(1.0),
            p_less_asymp: upper(lost, 0.5),
            p_greater_asymp: upper(u, 0.5),
            p_two_sided_asymp_nocc: (sd > 0.0).then(|| (2.0 * upper(larger, 0.0)).min(1.0)),
            p_two_sided_exact: exact.map(two_sided),
            p_less_exact: exact.map(|(less, _)| less),
            p_greater_exact: exact.map(|(_, greater)| greater),
        }
    }

    fn add(&mut self, TieGroup { in_a, in_b }: TieGroup) {
        let (wide_a, wide_b) = (i128::from(in_a), i128::from(in_b));
        self.twice_won += wide_a * (2 * i128::from(self.n_b) + wide_b);
        self.twice_lost += wide_b * (2 * i128::from(self.n_a) + wide_a);
        self.n_a += in_a;
        self.n_b += in_b;
        if in_a + in_b > 1 {
            let tied = count_to_f64(in_a + in_b);
            self.ties += tied * (tied * tied - 1.0);
            self.has_ties = true;
        }
    }

    /// Returns the probabilities of a U of at most and of at least the one seen.
    fn exact(&self) -> Option<(f64, f64)> {
        let smaller = self.n_a.min(self.n_b);
        let steps = self.n_a.checked_mul(self.n_b)?.checked_mul(smaller)?;
        if self.has_ties || steps > MAX_EXACT_STEPS {
            return None;
        }
        let count = |count: u64| usize::try_from(count).ok();
        let seen = usize::try_from((self.twice_won / 2).min(self.twice_lost / 2)).ok()?;
        let (tail, at_seen) = u_tail(count(smaller)?, count(self.n_a.max(self.n_b))?, seen);
        // The rarer side is summed up, and the other one follows from it.
        let (rare, common) = (tail, 1.0 - tail + at_seen);
        Some(if self.twice_won <= self.twice_lost {
            (rare, common.min(1.0))
        } else {
            (common.min(1.0), rare)
        })
    }
}

/// Returns the probability of a U of at most `bound`, and that of `bound`, where samples of `few` and `many` have no ties.
///
/// The number of ways to get each U is a coefficient of the Gaussian binomial, the product of
/// `(1 - q^(many + i)) / (1 - q^i)` for `i` up to `few`: Andrews (1976), "The theory of partitions", theorem 3.1. Only the
/// coefficients up to `bound` are needed.
fn u_tail(few: usize, many: usize, bound: usize) -> (f64, f64) {
    let mut ways = vec![0.0; bound + 1];
    let mut before = ways.clone();
    ways[0] = 1.0;
    let mut all = 1.0;
    for i in 1..=few {
        // Beyond `many * i` there is nothing yet.
        let reach = bound.min(many * i);
        let down = many + i;
        if down <= reach {
            before[..=reach].copy_from_slice(&ways[..=reach]);
            for (ways, before) in ways[down..=reach].iter_mut().zip(&before) {
                *ways -= before;
            }
        }
        for u in i..=reach {
            ways[u] += ways[u - i];
        }
        all *= length_to_f64(down) / length_to_f64(i);
    }
    let sum: f64 = ways.iter().sum();
    ((sum / all).clamp(0.0, 1.0), (ways[bound] / all).max(0.0))
}
