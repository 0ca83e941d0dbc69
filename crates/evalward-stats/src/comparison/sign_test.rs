//! Exact tests of a count of successes: the sign test and its relatives.

use serde::Serialize;

use crate::StatsError;
use crate::convert::count_to_f64;
use crate::special::{binomial_tails, ln_gamma};

/// The exact binomial test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SignTest {
    /// The p-value of "the rate is `p0`": the probability of all outcomes that are at most as probable as this one.
    pub p_two_sided: f64,
    /// The p-value of "the rate is not smaller".
    pub p_less: f64,
    /// The p-value of "the rate is not larger".
    pub p_greater: f64,
}

/// Tests exactly whether positives among independent trials have probability `p0`, 1/2 for the sign test; zeros are left out.
///
/// Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26,
/// for the one-sided p-values; two-sided by the method of small p-values, as in `scipy.stats.binomtest`. Without a trial all
/// p-values are 1.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] unless `0 <= p0 <= 1`.
pub fn sign_test(positive: u64, negative: u64, p0: f64) -> Result<SignTest, StatsError> {
    if !(0.0..=1.0).contains(&p0) {
        return Err(StatsError::OutOfDomain { argument: "p0", value: p0, expected: "in [0, 1]" });
    }
    let trials = Trials { n: positive.saturating_add(negative), p: p0 };
    Ok(SignTest {
        p_two_sided: trials.two_sided(positive),
        p_less: trials.at_most(positive),
        p_greater: trials.at_least(positive),
    })
}

/// `McNemar`'s test with mid-p, which halves the probability of the outcome seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MidP {
    /// The p-value of "as many improve as worsen".
    pub two_sided: f64,
    /// The p-value of "at least as many improve as worsen".
    pub less: f64,
    /// The p-value of "at most as many improve as worsen".
    pub greater: f64,
}

/// Tests by mid-p whether as many pairs improve as worsen.
///
/// Fagerland, Lydersen and Laake (2013), "The `McNemar` test for binary matched-pairs data: mid-p and asymptotic are better than
/// exact conditional", BMC Medical Research Methodology 13, equation (7).
pub fn mcnemar_mid_p(improved: u64, worsened: u64) -> MidP {
    let trials = Trials { n: improved.saturating_add(worsened), p: 0.5 };
    let seen = trials.mass(improved);
    let fewer = trials.at_most(improved.min(worsened));
    let two_sided = if improved == worsened { 1.0 } else { (2.0 * fewer - seen).clamp(0.0, 1.0) };
    MidP {
        two_sided,
        less: (trials.at_most(improved) - seen / 2.0).clamp(0.0, 1.0),
        greater: (trials.at_least(improved) - seen / 2.0).clamp(0.0, 1.0),
    }
}

/// Independent trials of one probability.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trials {
    pub(super) n: u64,
    pub(super) p: f64,
}

impl Trials {
    /// Returns the probability of at most `k` successes.
    pub(super) fn at_most(self, k: u64) -> f64 {
        binomial_tails(count_to_f64(k), count_to_f64(self.n), self.p).lower
    }

    /// Returns the probability of at least `k` successes.
    pub(super) fn at_least(self, k: u64) -> f64 {
        match k.checked_sub(1) {
            Some(below) => binomial_tails(count_to_f64(below), count_to_f64(self.n), self.p).upper,
            None => 1.0,
        }
    }

    /// Returns the probability of exactly `k` successes.
    pub(super) fn mass(self, k: u64) -> f64 {
        self.ln_mass(k).exp()
    }

    fn ln_mass(self, k: u64) -> f64 {
        if k > self.n {
            return f64::NEG_INFINITY;
        }
        let (n, hits, misses) = (count_to_f64(self.n), count_to_f64(k), count_to_f64(self.n - k));
        let ways = ln_gamma(n + 1.0) - ln_gamma(hits + 1.0) - ln_gamma(misses + 1.0);
        let successes = if k == 0 { 0.0 } else { hits * self.p.ln() };
        let failures = if k == self.n { 0.0 } else { misses * (-self.p).ln_1p() };
        ways + successes + failures
    }

    /// Returns the probability of all counts that are at most as probable as `k`.
    fn two_sided(self, k: u64) -> f64 {
        let (n, mean) = (self.n, count_to_f64(self.n) * self.p);
        if n == 0 || (count_to_f64(k) - mean).abs() <= 0.0 {
            return 1.0;
        }
        // As scipy and R do: counts whose probabilities differ by rounding are equally probable.
        let bound = self.ln_mass(k) + 1e-7;
        let p = if count_to_f64(k) < mean {
            let far = first(mean, n, |other| self.ln_mass(other) <= bound);
            self.at_most(k) + far.map_or(0.0, |far| self.at_least(far))
        } else {
            // Mirrored: the other counts are those of failures.
            let far = first(count_to_f64(n) - mean, n, |other| self.ln_mass(n - other) <= bound);
            self.at_least(k) + far.map_or(0.0, |far| self.at_most(n - far))
        };
        p.clamp(0.0, 1.0)
    }
}

/// Returns the smallest count from `mean` up to `n` that `holds`, where everything above one that holds does as well.
fn first(mean: f64, n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let ceiling = crate::convert::ceil_to_count(mean);
    let (mut low, mut high) = (ceiling.min(n), n);
    if !holds(high) {
        return None;
    }
    while low < high {
        let middle = u64::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}
