//! What a comparison of two samples of scores comes to.

use serde::Serialize;

use super::Design;
use crate::convert::count_to_f64;
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

impl Verdict {
    /// Returns what an interval for the difference comes to, for a margin above 0.
    ///
    /// The table of the verdicts is read from the top, and each row compares the ends of the interval with 0 and the margin.
    pub fn of(interval: Interval, margin: f64) -> Self {
        let Interval { low, high } = interval;
        match () {
            () if (high < 0.0 && low > -margin) || (low > 0.0 && high < margin) => Self::Trivial,
            () if high < 0.0 => Self::Regression,
            () if low > 0.0 => Self::Improvement,
            () if low > -margin && high < margin => Self::Equivalent,
            () => Self::Inconclusive,
        }
    }
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
    /// The one-sided p-value of "the candidate is not worse"; below `alpha` where the interval lies below 0, and only there.
    pub p_regression: f64,
    /// Whether the interval lies above `-margin`.
    pub non_inferior: bool,
    /// The power to find a loss of the margin with these examples; `None` where no variance was seen, or too little to count with.
    pub power: Option<f64>,
    /// The number of examples (of either sample, where they are independent) at which a loss of the margin is found with the
    /// target power, by the spread that was seen; where no difference was seen at all, the number of such examples that would
    /// exclude a loss of the margin.
    pub n_required: Option<u64>,
}

/// What a method says about the difference.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) n: usize,
    pub(super) clusters: usize,
    pub(super) estimate: f64,
    pub(super) ci: Interval,
    pub(super) method: IntervalMethod,
    pub(super) reason: &'static str,
    pub(super) p_regression: f64,
    pub(super) power: Option<f64>,
    pub(super) n_required: Option<u64>,
}

impl Evidence {
    /// Reads the verdict off the interval.
    pub(super) fn conclude(
        self,
        design: &Design,
        (baseline_mean, candidate_mean): (f64, f64),
    ) -> Result<Comparison, StatsError> {
        let ci = self.ci;
        if !(ci.low.is_finite() && ci.high.is_finite() && self.estimate.is_finite()) {
            return Err(StatsError::OutOfDomain {
                argument: "scores",
                value: self.estimate,
                expected: "small enough for their differences and squares to be finite",
            });
        }
        let verdict = Verdict::of(ci, design.margin);
        let power = self.power.filter(|power| power.is_finite()).map(|power| power.clamp(0.0, 1.0));
        let n = u64::try_from(self.n).unwrap_or(u64::MAX);
        // Both are approximations; together they must not say that these examples do and do not suffice.
        let n_required = match power {
            Some(power) if power >= design.target_power => self.n_required.map(|many| many.min(n)),
            Some(_) => self.n_required.map(|many| many.max(n.saturating_add(1))),
            None => self.n_required,
        };
        Ok(Comparison {
            n: self.n,
            clusters: self.clusters,
            baseline_mean,
            candidate_mean,
            estimate: self.estimate,
            ci,
            method: self.method,
            reason: self.reason,
            verdict,
            confirmed: verdict == Verdict::Regression && ci.high <= -design.margin,
            p_regression: self.p_regression.clamp(0.0, 1.0),
            non_inferior: ci.low > -design.margin,
            power,
            n_required,
        })
    }
}

/// Refuses samples below a method's floor.
pub(super) fn at_least(
    statistic: &'static str,
    needed: u64,
    length: usize,
) -> Result<(), StatsError> {
    let got = u64::try_from(length).unwrap_or(u64::MAX);
    if got < needed { Err(StatsError::TooFew { statistic, needed, got }) } else { Ok(()) }
}

/// Returns the smallest whole number from 1 that satisfies a monotone condition, up to 10^12.
pub(super) fn smallest(start: f64, holds: impl Fn(f64) -> bool) -> Option<u64> {
    const LIMIT: u64 = 1_000_000_000_000;
    let holds = |n: u64| holds(count_to_f64(n));
    let (mut below, mut high) = (0, 1);
    if start > 2.0 && start < 1e12 {
        // A guess next to the answer leaves little to search.
        let guess = u64::try_from(crate::convert::floor_to_index(start)).unwrap_or(LIMIT);
        let (near, far) = (guess.saturating_sub(guess / 50 + 3), guess + guess / 50 + 3);
        if near > 0 && !holds(near) {
            (below, high) = (near, far);
        }
    }
    while !holds(high) {
        if high >= LIMIT {
            return None;
        }
        below = high;
        high = (high * 2).min(LIMIT);
    }
    while high - below > 1 {
        let middle = below + (high - below) / 2;
        if holds(middle) {
            high = middle;
        } else {
            below = middle;
        }
    }
    Some(high)
}
