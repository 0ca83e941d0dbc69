//! Effect sizes of the difference between two samples.

use serde::Serialize;

use super::moments::{Moments, Span, check, scale_for};
use super::t_test::in_range;
use super::tie_groups::Ordered;
use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64, wide_to_f64};
use crate::special::ln_gamma;

/// Effect sizes of `a` against `b`; `None` where the spread they are measured in is 0 or unknown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectSizes {
    /// The mean of `a` minus the mean of `b`.
    pub mean_diff: f64,
    /// Cohen's d: the difference in pooled standard deviations; 0 where neither sample varies and the means are equal.
    pub cohen_d: Option<f64>,
    /// Hedges' g with the approximate correction `1 - 3 / (4 (n1 + n2) - 9)`.
    pub hedges_g_approx: Option<f64>,
    /// Hedges' g with the exact correction.
    pub hedges_g_exact: Option<f64>,
    /// Glass's delta: the difference in standard deviations of `b`.
    pub glass_delta: Option<f64>,
    /// The difference in units of the root of the mean variance.
    pub cohen_d_av: Option<f64>,
    /// Cliff's delta.
    pub cliffs_delta: f64,
    /// The probability that an observation of `a` is larger, where ties count half.
    pub cles: f64,
    /// The mean difference of pairs in their standard deviations; `None` also for samples of different size.
    pub d_z: Option<f64>,
}

/// Returns effect sizes of `a` against `b`.
///
/// Cohen (1988), "Statistical power analysis for the behavioral sciences", equation (2.5.1); Hedges (1981), "Distribution theory
/// for Glass's estimator of effect size and related estimators", Journal of Educational Statistics 6, equations (6) and (7);
/// Cliff (1993), "Dominance statistics", Psychological Bulletin 114, equation (1).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation, and
/// [`StatsError::OutOfDomain`] where the difference leaves the range of `f64`.
pub fn effect_sizes(a: &[f64], b: &[f64]) -> Result<EffectSizes, StatsError> {
    let spread = Spread::of(a, b)?;
    let cliffs_delta = delta(a, b);
    let standardized = spread.cohen_d();
    let sizes = spread.a.n + spread.b.n;
    Ok(EffectSizes {
        mean_diff: in_range(spread.difference, spread.scale)?,
        cohen_d: standardized,
        hedges_g_approx: standardized.map(|d| d * (1.0 - 3.0 / (4.0 * sizes - 9.0))),
        hedges_g_exact: standardized.map(|d| d * correction(sizes - 2.0)),
        glass_delta: spread.in_units_of(spread.b.variance()),
        cohen_d_av: spread.in_units_of(spread.mean_variance()),
        cliffs_delta,
        cles: f64::midpoint(cliffs_delta, 1.0),
        d_z: paired_d(a, b, spread.scale),
    })
}

/// Returns Cliff's delta: the probability that an observation of `a` is larger than one of `b`, minus that it is smaller.
///
/// Takes `O(n log n)`. Cliff (1993), "Dominance statistics", Psychological Bulletin 114, equation (1).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample and [`StatsError::NotFinite`] for a NaN or infinite observation.
pub fn cliffs_delta(a: &[f64], b: &[f64]) -> Result<f64, StatsError> {
    check("Cliff's delta", "a", a, 1)?;
    check("Cliff's delta", "b", b, 1)?;
    Ok(delta(a, b))
}

/// Returns Hedges' g of `a` against `b` with the exact correction for small samples.
///
/// Hedges (1981), "Distribution theory for Glass's estimator of effect size and related estimators", Journal of Educational
/// Statistics 6, equations (6a) and (7).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for a sample of fewer than 2, [`StatsError::NotFinite`] for a NaN or infinite observation, and
/// [`StatsError::Degenerate`] where neither sample varies and their means differ.
pub fn hedges_g(a: &[f64], b: &[f64]) -> Result<f64, StatsError> {
    check("Hedges' g", "a", a, 2)?;
    check("Hedges' g", "b", b, 2)?;
    let spread = Spread::of(a, b)?;
    let d = spread.cohen_d().ok_or(StatsError::Degenerate {
        statistic: "Hedges' g",
        reason: "neither sample varies",
    })?;
    Ok(d * correction(spread.a.n + spread.b.n - 2.0))
}

/// The effect size of the difference between two rates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RateEffect {
    /// Cohen's h: the difference of the arcsine-transformed rates.
    pub cohen_h: f64,
    /// The first rate minus the second.
    pub risk_difference: f64,
}

/// Returns effect sizes of a rate against another one.
///
/// Cohen (1988), "Statistical power analysis for the behavioral sciences", equation (6.2.1).
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a rate outside `[0, 1]`.
pub fn rate_effect(p1: f64, p2: f64) -> Result<RateEffect, StatsError> {
    for (argument, value) in [("p1", p1), ("p2", p2)] {
        if !(0.0..=1.0).contains(&value) {
            return Err(StatsError::OutOfDomain { argument, value, expected: "in [0, 1]" });
        }
    }
    Ok(RateEffect {
        cohen_h: 2.0 * p1.sqrt().asin() - 2.0 * p2.sqrt().asin(),
        risk_difference: p1 - p2,
    })
}

/// The moments of two samples in a common scale.
struct Spread {
    a: Moments,
    b: Moments,
    difference: f64,
    scale: f64,
}

impl Spread {
    fn of(a: &[f64], b: &[f64]) -> Result<Self, StatsError> {
        let (span_a, span_b) =
            (check("effect sizes", "a", a, 1)?, check("effect sizes", "b", b, 1)?);
        let scale = scale_for(span_a.magnitude().max(span_b.magnitude()));
        let (a, b) = (Moments::of(a, span_a, scale), Moments::of(b, span_b, scale));
        Ok(Self { a, b, difference: a.mean - b.mean, scale })
    }

    fn in_units_of(&self, variance: Option<f64>) -> Option<f64> {
        let sd = variance.filter(|variance| *variance > 0.0)?.sqrt();
        Some(self.difference / sd).filter(|size| size.is_finite())
    }

    fn mean_variance(&self) -> Option<f64> {
        Some(f64::midpoint(self.a.variance()?, self.b.variance()?))
    }

    fn cohen_d(&self) -> Option<f64> {
        self.mean_variance()?;
        let pooled = (self.a.deviations + self.b.deviations) / (self.a.n + self.b.n - 2.0);
        if pooled <= 0.0 && self.difference.abs() <= 0.0 {
            return Some(0.0);
        }
        self.in_units_of(Some(pooled))
    }
}

/// Returns the factor `J(df)` that makes Hedges' g unbiased: Hedges (1981), equation (6).
fn correction(df: f64) -> f64 {
    if df <= 1.0 {
        return 0.0;
    }
    let half = df / 2.0;
    if half < 20.0 {
        return (ln_gamma(half) - ln_gamma(half - 0.5)).exp() / half.sqrt();
    }
    // The same with Stirling's series, in which the large terms have cancelled.
    let (x, y) = (1.0 / half, 1.0 / (half - 0.5));
    let series =
        |x: f64| x * (1.0 / 12.0 - x * x * (1.0 / 360.0 - x * x * (1.0 / 1260.0 - x * x / 1680.0)));
    (-(half - 1.0) * (-0.5 / half).ln_1p() - 0.5 + series(x) - series(y)).exp()
}

fn paired_d(a: &[f64], b: &[f64], scale: f64) -> Option<f64> {
    if a.len() != b.len() || a.len() < 2 {
        return None;
    }
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a * scale - b * scale).collect();
    let low = differences.iter().copied().fold(f64::INFINITY, f64::min);
    let high = differences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let moments = Moments::of(&differences, Span { low, high }, 1.0);
    let sd = (moments.deviations / (length_to_f64(a.len()) - 1.0)).sqrt();
    (sd > 0.0).then(|| moments.mean / sd).filter(|size| size.is_finite())
}

fn delta(a: &[f64], b: &[f64]) -> f64 {
    let (mut below_a, mut below_b) = (0_u64, 0_u64);
    // Pairs that `a` wins and loses; up to 2^128 of them.
    let (mut wins, mut losses) = (0_i128, 0_i128);
    Ordered::of(a, b).for_each_group(|group| {
        wins += i128::from(group.in_a) * i128::from(below_b);
        losses += i128::from(group.in_b) * i128::from(below_a);
        below_a += group.in_a;
        below_b += group.in_b;
    });
    let pairs = count_to_f64(below_a) * count_to_f64(below_b);
    if wins >= losses {
        wide_to_f64(wins - losses) / pairs
    } else {
        -wide_to_f64(losses - wins) / pairs
    }
}
