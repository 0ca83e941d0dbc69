//! Wilcoxon's signed-rank test.

use serde::Serialize;

use super::moments::check;
use super::tie_groups::Ordered;
use crate::StatsError;
use crate::convert::{count_to_f64, floor_to_index, length_to_f64};
use crate::special::normal_tails;

/// The most differences whose ranks the exact distribution is computed for.
const MAX_EXACT: usize = 1_000;

/// Wilcoxon's signed-rank test on differences candidate - baseline; p-values are `None` where no difference is other than 0.
///
/// The endings tell what becomes of zeros (`wilcox`: left out before ranking; `pratt`: after; `zsplit`: half to each side) and
/// whether the p-value is corrected for continuity (`cc`). `less` is the p-value of "differences do not tend to be negative".
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SignedRank {
    /// The number of differences other than 0.
    pub n_nonzero: usize,
    /// The sum of the ranks of positive differences, zeros left out.
    pub w_plus: f64,
    /// The sum of the ranks of negative differences, zeros left out.
    pub w_minus: f64,
    /// The rank-biserial correlation; `None` where all differences are 0.
    pub rank_biserial: Option<f64>,
    /// Two-sided, zeros left out before ranking.
    pub p_two_sided_wilcox: Option<f64>,
    /// One-sided, zeros left out before ranking.
    pub p_less_wilcox: Option<f64>,
    /// Two-sided, zeros left out before ranking, corrected for continuity.
    pub p_two_sided_wilcox_cc: Option<f64>,
    /// One-sided, zeros left out before ranking, corrected for continuity.
    pub p_less_wilcox_cc: Option<f64>,
    /// Two-sided, zeros left out after ranking.
    pub p_two_sided_pratt: Option<f64>,
    /// One-sided, zeros left out after ranking.
    pub p_less_pratt: Option<f64>,
    /// Two-sided, zeros left out after ranking, corrected for continuity.
    pub p_two_sided_pratt_cc: Option<f64>,
    /// One-sided, zeros left out after ranking, corrected for continuity.
    pub p_less_pratt_cc: Option<f64>,
    /// Two-sided, zeros split.
    pub p_two_sided_zsplit: Option<f64>,
    /// One-sided, zeros split.
    pub p_less_zsplit: Option<f64>,
    /// Two-sided, zeros split, corrected for continuity.
    pub p_two_sided_zsplit_cc: Option<f64>,
    /// One-sided, zeros split, corrected for continuity.
    pub p_less_zsplit_cc: Option<f64>,
    /// The exact two-sided p-value; `None` with zeros, with ties or for more than 1,000 differences.
    pub p_exact_two_sided: Option<f64>,
    /// The exact p-value of "differences do not tend to be negative".
    pub p_exact_less: Option<f64>,
    /// The exact p-value of "differences do not tend to be positive".
    pub p_exact_greater: Option<f64>,
}

/// Tests whether differences are symmetric around 0.
///
/// Wilcoxon (1945), "Individual comparisons by ranking methods", Biometrics Bulletin 1; zeros by Pratt (1959), "Remarks on zeros
/// and ties in the Wilcoxon signed rank procedures", JASA 54, with the variance of Cureton (1967), "The normal approximation to
/// the signed-rank sampling distribution when zero differences are present", JASA 62. Assumes independent, symmetric differences.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for no differences and [`StatsError::NotFinite`] for a NaN or infinite one.
pub fn wilcoxon_signed_rank(differences: &[f64]) -> Result<SignedRank, StatsError> {
    check("the signed-rank test", "differences", differences, 1)?;
    let ranks = Ranks::of(differences);
    let w_plus = ranks.positive;
    let w_minus = ranks.negative;
    if ranks.nonzero == 0 {
        return Ok(SignedRank::default());
    }
    let [wilcox, pratt, zsplit] = [ranks.without_zeros(), ranks.pratt(), ranks.split()];
    let exact = ranks.exact();
    Ok(SignedRank {
        n_nonzero: ranks.nonzero,
        w_plus,
        w_minus,
        rank_biserial: Some((w_plus - w_minus) / (w_plus + w_minus)),
        p_two_sided_wilcox: wilcox.two_sided(0.0),
        p_less_wilcox: wilcox.less(0.0),
        p_two_sided_wilcox_cc: wilcox.two_sided(0.5),
        p_less_wilcox_cc: wilcox.less(0.5),
        p_two_sided_pratt: pratt.two_sided(0.0),
        p_less_pratt: pratt.less(0.0),
        p_two_sided_pratt_cc: pratt.two_sided(0.5),
        p_less_pratt_cc: pratt.less(0.5),
        p_two_sided_zsplit: zsplit.two_sided(0.0),
        p_less_zsplit: zsplit.less(0.0),
        p_two_sided_zsplit_cc: zsplit.two_sided(0.5),
        p_less_zsplit_cc: zsplit.less(0.5),
        p_exact_two_sided: exact.map(|(less, greater)| (2.0 * less.min(greater)).min(1.0)),
        p_exact_less: exact.map(|(less, _)| less),
        p_exact_greater: exact.map(|(_, greater)| greater),
    })
}

/// Sums of ranks of magnitudes.
struct Ranks {
    zeros: usize,
    nonzero: usize,
    /// The number of positive differences.
    positives: usize,
    /// The sum of the ranks of positive differences, zeros left out.
    positive: f64,
    negative: f64,
    /// The sum of `t^3 - t` over groups of `t` tied magnitudes, zeros left out.
    ties: f64,
}

impl Ranks {
    fn of(differences: &[f64]) -> Self {
        let (mut plus, mut minus) = (Vec::new(), Vec::new());
        for difference in differences {
            if *difference > 0.0 {
                plus.push(*difference);
            } else if *difference < 0.0 {
                minus.push(-difference);
            }
        }
        let (mut below, mut ties) = (0.0, 0.0);
        let (mut positive, mut negative) = (0.0, 0.0);
        Ordered::of(&plus, &minus).for_each_group(|group| {
            let (in_plus, in_minus) = (count_to_f64(group.in_a), count_to_f64(group.in_b));
            let tied = in_plus + in_minus;
            let rank = below + f64::midpoint(tied, 1.0);
            positive += in_plus * rank;
            negative += in_minus * rank;
            ties += tied * (tied * tied - 1.0);
            below += tied;
        });
        let nonzero = plus.len() + minus.len();
        Self {
            zeros: differences.len() - nonzero,
            nonzero,
            positives: plus.len(),
            positive,
            negative,
            ties,
        }
    }
    fn without_zeros(&self) -> Approximation {
        let n = length_to_f64(self.nonzero);
        Approximation::new(
            self.positive - n * (n + 1.0) / 4.0,
            n * (n + 1.0) * (2.0 * n + 1.0) - self.ties / 2.0,
        )
    }

    /// The sum of the ranks of positive differences where zeros have the lowest ranks.
    fn above_zeros(&self) -> f64 {
        self.positive + length_to_f64(self.positives) * length_to_f64(self.zeros)
    }

    fn pratt(&self) -> Approximation {
        let (n, zeros) = (length_to_f64(self.nonzero + self.zeros), length_to_f64(self.zeros));
        Approximation::new(
            self.above_zeros() - (n * (n + 1.0) - zeros * (zeros + 1.0)) / 4.0,
            n * (n + 1.0) * (2.0 * n + 1.0)
                - zeros * (zeros + 1.0) * (2.0 * zeros + 1.0)
                - self.ties / 2.0,
        )
    }

    fn split(&self) -> Approximation {
        let (n, zeros) = (length_to_f64(self.nonzero + self.zeros), length_to_f64(self.zeros));
        let half_of_zeros = zeros * (zeros + 1.0) / 4.0;
        let ties = self.ties + zeros * (zeros * zeros - 1.0);
        Approximation::new(
            self.above_zeros() + half_of_zeros - n * (n + 1.0) / 4.0,
            n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0,
        )
    }

    /// Returns the probabilities of a rank sum of at most and of at least the one seen.
    fn exact(&self) -> Option<(f64, f64)> {
        if self.zeros > 0 || self.ties > 0.0 || self.nonzero > MAX_EXACT {
            return None;
        }
        let (rare, at_seen) = tail(self.nonzero, floor_to_index(self.positive.min(self.negative)));
        let common = (1.0 - rare + at_seen).min(1.0);
        Some(if self.positive <= self.negative { (rare, common) } else { (common, rare) })
    }
}

/// Returns the probability that the ranks 1 to `n`, each taken with probability 1/2, add up to at most `bound`, and that of
/// exactly `bound`.
fn tail(n: usize, bound: usize) -> (f64, f64) {
    let mut now = vec![0.0; bound + 1];
    let mut next = now.clone();
    now[0] = 1.0;
    for rank in 1..=n {
        let unreached = rank.min(bound + 1);
        for (next, now) in next[..unreached].iter_mut().zip(&now) {
            *next = 0.5 * now;
        }
        let shifted = now[unreached..].iter().zip(&now);
        for (next, (stay, come)) in next[unreached..].iter_mut().zip(shifted) {
            *next = 0.5 * (stay + come);
        }
        std::mem::swap(&mut now, &mut next);
    }
    (now.iter().sum(), now[bound])
}

/// The normal approximation of a rank sum.
#[derive(Clone, Copy, Debug)]
struct Approximation {
    /// How far the rank sum lies above its mean.
    distance: f64,
    sd: f64,
}

impl Approximation {
    fn new(distance: f64, variance_times_24: f64) -> Self {
        Self { distance, sd: (variance_times_24.max(0.0) / 24.0).sqrt() }
    }

    fn two_sided(self, correction: f64) -> Option<f64> {
        let towards_mean = match self.distance.partial_cmp(&0.0) {
            Some(std::cmp::Ordering::Greater) => -correction,
            Some(std::cmp::Ordering::Less) => correction,
            _ => 0.0,
        };
        let z = (self.distance + towards_mean) / self.sd;
        (self.sd > 0.0).then(|| (2.0 * normal_tails(z.abs()).upper).min(1.0))
    }

    fn less(self, correction: f64) -> Option<f64> {
        (self.sd > 0.0).then(|| normal_tails((self.distance + correction) / self.sd).lower)
    }
}
