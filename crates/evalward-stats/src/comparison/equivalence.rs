//! Two one-sided tests: is the difference smaller than a margin?

use serde::Serialize;

use super::t_test::{Estimate, Pairs, in_range, two_samples};
use crate::{Interval, Level, StatsError};

/// The differences that do not matter: those between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EquivalenceRange {
    low: f64,
    high: f64,
}

impl EquivalenceRange {
    /// Checks a range such as -0.3 to 0.3.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] unless `low < high` and both are finite.
    pub fn new(low: f64, high: f64) -> Result<Self, StatsError> {
        if !high.is_finite() {
            let expected = "a finite number";
            return Err(StatsError::OutOfDomain { argument: "high", value: high, expected });
        }
        if low.is_finite() && low < high {
            return Ok(Self { low, high });
        }
        let expected = "a finite number below the upper end";
        Err(StatsError::OutOfDomain { argument: "low", value: low, expected })
    }
}

/// How two samples belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pairing {
    /// They are of the same examples, in the same order.
    Paired,
    /// They are independent.
    Unpaired,
}

/// Two one-sided t tests at 5 % each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tost {
    /// The mean of `x` minus the mean of `y`.
    pub diff: f64,
    /// The statistic of "the difference is at most the lower end"; `None` without variance.
    pub t_lower: Option<f64>,
    /// Its p-value: where it is small, `x` is not inferior by more than the lower end allows.
    pub p_lower: Option<f64>,
    /// The statistic of "the difference is at least the upper end"; `None` without variance.
    pub t_upper: Option<f64>,
    /// Its p-value.
    pub p_upper: Option<f64>,
    /// The degrees of freedom.
    pub df: f64,
    /// The larger of both p-values: where it is small, the difference lies within the range.
    pub p_tost: Option<f64>,
    /// The interval at 90 %; `None` without variance.
    pub ci_1m2a: Option<Interval>,
    /// Whether that interval lies within the range; `None` without variance, which proves nothing.
    pub equivalent_at_05: Option<bool>,
}

/// Tests whether the difference of two means, `x` minus `y`, lies within a range.
///
/// Schuirmann (1987), "A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of
/// average bioavailability", Journal of Pharmacokinetics and Biopharmaceutics 15, section 3; with Welch's degrees of freedom for
/// independent samples. Assumes what [`welch_t`](super::welch_t) and [`paired_t`](super::paired_t) do.
///
/// # Errors
/// As [`welch_t`](super::welch_t) and [`paired_t`](super::paired_t).
pub fn tost(
    x: &[f64],
    y: &[f64],
    pairing: Pairing,
    range: EquivalenceRange,
) -> Result<Tost, StatsError> {
    let (estimate, scale) = match pairing {
        Pairing::Paired => {
            let pairs = Pairs::of(y, x)?;
            (pairs.estimate, pairs.scale)
        }
        Pairing::Unpaired => {
            let (x, y, scale) = two_samples("TOST", x, y)?;
            (Estimate::unpaired(x, y), scale)
        }
    };
    let lower = estimate.against(range.low * scale);
    let upper = estimate.against(range.high * scale);
    let ci_1m2a = estimate.interval(Level::P90, scale);
    Ok(Tost {
        diff: in_range(estimate.value, scale)?,
        t_lower: lower.t,
        p_lower: lower.p_greater,
        t_upper: upper.t,
        p_upper: upper.p_less,
        df: estimate.df,
        p_tost: lower.p_greater.zip(upper.p_less).map(|(lower, upper)| lower.max(upper)),
        ci_1m2a,
        equivalent_at_05: ci_1m2a.map(|ci| range.low < ci.low && ci.high < range.high),
    })
}
