//! Student's t tests: Welch's for independent samples, and the one for pairs.

use serde::Serialize;

use super::moments::{Moments, Span, check, cross_deviations, scale_for, unscale};
use crate::special::{t_tails, t_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The mean, standard deviation and size of a sample that is not at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The mean.
    pub mean: f64,
    /// The standard deviation with `n - 1` in the denominator.
    pub sd: f64,
    /// The number of observations.
    pub n: u64,
}

/// Welch's test for the difference of two means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WelchT {
    /// The statistic; `None` where neither sample varies.
    pub t: Option<f64>,
    /// The degrees of freedom of Welch and Satterthwaite; 1 where neither sample varies.
    pub df: f64,
    /// The mean of `a` minus the mean of `b`.
    pub diff: f64,
    /// The p-value of "the means are equal"; `None` where neither sample varies and their means are equal.
    pub p_two_sided: Option<f64>,
    /// The p-value of "the mean of `a` is not smaller".
    pub p_less: Option<f64>,
    /// The p-value of "the mean of `a` is not larger".
    pub p_greater: Option<f64>,
    /// The interval for the difference; `None` where neither sample varies.
    pub diff_ci: Option<Interval>,
}

/// The t test on the differences of pairs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairedT {
    /// The statistic; `None` where the differences do not vary.
    pub t: Option<f64>,
    /// The degrees of freedom.
    pub df: f64,
    /// The mean of candidate - baseline.
    pub mean_diff: f64,
    /// The standard deviation of the differences with `n - 1` in the denominator.
    pub sd_diff: f64,
    /// Pearson's correlation of the two sides; `None` where a side does not vary.
    pub corr: Option<f64>,
    /// The p-value of "the mean difference is 0"; `None` where all differences are 0.
    pub p_two_sided: Option<f64>,
    /// The p-value of "the mean difference is not negative".
    pub p_less: Option<f64>,
    /// The p-value of "the mean difference is not positive".
    pub p_greater: Option<f64>,
    /// The interval for the mean difference; `None` where the differences do not vary.
    pub diff_ci: Option<Interval>,
}

/// Compares the means of two independent samples that may differ in variance.
///
/// Assumes independent observations and means that are about normal. Welch (1947), "The generalization of Student's problem
/// when several different population variances are involved", Biometrika 34, with the degrees of freedom of Satterthwaite
/// (1946), "An approximate distribution of estimates of variance components", Biometrics Bulletin 2, equation (17).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for a sample of fewer than 2, [`StatsError::NotFinite`] for a NaN or infinite observation,
/// and [`StatsError::OutOfDomain`] where the difference leaves the range of `f64`.
pub fn welch_t(a: &[f64], b: &[f64], level: Level) -> Result<WelchT, StatsError> {
    let (first, second, scale) = two_samples("Welch's t", a, b)?;
    let estimate = Estimate::unpaired(first, second);
    finish_welch(estimate, scale, level)
}

/// Compares two means by Welch's test from summaries; see [`welch_t`].
///
/// # Errors
/// As [`welch_t`], and [`StatsError::OutOfDomain`] for a negative standard deviation.
pub fn welch_t_of_summaries(a: &Summary, b: &Summary, level: Level) -> Result<WelchT, StatsError> {
    let magnitude = [a.mean, a.sd, b.mean, b.sd].into_iter().map(f64::abs).fold(0.0, f64::max);
    let scale = scale_for(magnitude);
    let estimate =
        Estimate::unpaired(summary_moments("a", a, scale)?, summary_moments("b", b, scale)?);
    finish_welch(estimate, scale, level)
}

fn summary_moments(
    argument: &'static str,
    summary: &Summary,
    scale: f64,
) -> Result<Moments, StatsError> {
    if summary.n < 2 {
        return Err(StatsError::TooFew { statistic: "Welch's t", needed: 2, got: summary.n });
    }
    check("Welch's t", argument, &[summary.mean, summary.sd], 2)?;
    if summary.sd < 0.0 {
        return Err(StatsError::OutOfDomain {
            argument: "sd",
            value: summary.sd,
            expected: "0 or larger",
        });
    }
    let n = crate::convert::count_to_f64(summary.n);
    let sd = summary.sd * scale;
    Ok(Moments { n, mean: summary.mean * scale, deviations: sd * sd * (n - 1.0) })
}

fn finish_welch(estimate: Estimate, scale: f64, level: Level) -> Result<WelchT, StatsError> {
    let test = estimate.against(0.0);
    Ok(WelchT {
        t: test.t,
        df: estimate.df,
        diff: in_range(estimate.value, scale)?,
        p_two_sided: test.p_two_sided,
        p_less: test.p_less,
        p_greater: test.p_greater,
        diff_ci: estimate.interval(level, scale),
    })
}

/// Compares the means of two samples of the same examples, by their differences candidate - baseline.
///
/// Assumes independent pairs and a mean difference that is about normal. Student (1908), "The probable error of a mean",
/// Biometrika 6, section VIII.
///
/// # Errors
/// Returns [`StatsError::Unequal`] for samples of different length, and otherwise as [`welch_t`].
pub fn paired_t(baseline: &[f64], candidate: &[f64], level: Level) -> Result<PairedT, StatsError> {
    let pairs = Pairs::of(baseline, candidate)?;
    let test = pairs.estimate.against(0.0);
    Ok(PairedT {
        t: test.t,
        df: pairs.estimate.df,
        mean_diff: in_range(pairs.estimate.value, pairs.scale)?,
        sd_diff: in_range(pairs.sd, pairs.scale)?,
        corr: pairs.correlation(baseline, candidate),
        p_two_sided: test.p_two_sided,
        p_less: test.p_less,
        p_greater: test.p_greater,
        diff_ci: pairs.estimate.interval(level, pairs.scale),
    })
}

/// Returns the moments of two independent samples and the scale they have in common.
pub(super) fn two_samples(
    statistic: &'static str,
    a: &[f64],
    b: &[f64],
) -> Result<(Moments, Moments, f64), StatsError> {
    let (span_a, span_b) = (check(statistic, "a", a, 2)?, check(statistic, "b", b, 2)?);
    let scale = scale_for(span_a.magnitude().max(span_b.magnitude()));
    Ok((Moments::of(a, span_a, scale), Moments::of(b, span_b, scale), scale))
}

/// The moments of pairs and of their differences.
pub(super) struct Pairs {
    baseline: Moments,
    candidate: Moments,
    pub(super) sd: f64,
    pub(super) estimate: Estimate,
    pub(super) scale: f64,
}

impl Pairs {
    pub(super) fn of(baseline: &[f64], candidate: &[f64]) -> Result<Self, StatsError> {
        if baseline.len() != candidate.len() {
            return Err(StatsError::Unequal {
                left: "baseline",
                left_length: baseline.len(),
                right: "candidate",
                right_length: candidate.len(),
            });
        }
        let before = check("the paired t", "baseline", baseline, 2)?;
        let after = check("the paired t", "candidate", candidate, 2)?;
        let magnitude = before.magnitude().max(after.magnitude());
        let scale = scale_for(magnitude);
        let differences: Vec<f64> = baseline
            .iter()
            .zip(candidate)
            .map(|(before, after)| after * scale - before * scale)
            .collect();
        let moments = difference_moments(&differences, magnitude * scale);
        let variance = moments.deviations / (moments.n - 1.0);
        Ok(Self {
            baseline: Moments::of(baseline, before, scale),
            candidate: Moments::of(candidate, after, scale),
            sd: variance.sqrt(),
            estimate: Estimate {
                value: moments.mean,
                error: (variance / moments.n).sqrt(),
                df: moments.n - 1.0,
            },
            scale,
        })
    }

    fn correlation(&self, baseline: &[f64], candidate: &[f64]) -> Option<f64> {
        let (before, after) = (self.baseline, self.candidate);
        let product = before.deviations.sqrt() * after.deviations.sqrt();
        let cross = cross_deviations(
            (baseline, before.mean, self.scale),
            (candidate, after.mean, self.scale),
        );
        (product > 0.0).then(|| (cross / product).clamp(-1.0, 1.0))
    }
}

/// Returns the moments of differences, where a spread that rounding alone explains is none: 0.3 - 0.2 and 0.2 - 0.1 are equal.
fn difference_moments(differences: &[f64], magnitude: f64) -> Moments {
    let low = differences.iter().copied().fold(f64::INFINITY, f64::min);
    let high = differences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let moments = Moments::of(differences, Span { low, high }, 1.0);
    let rounding = 4.0 * f64::EPSILON * magnitude;
    if high - low <= rounding { Moments { deviations: 0.0, ..moments } } else { moments }
}

/// An estimated difference with its standard error and degrees of freedom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) error: f64,
    pub(super) df: f64,
}

/// A t test against one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Test {
    pub(super) t: Option<f64>,
    pub(super) p_two_sided: Option<f64>,
    pub(super) p_less: Option<f64>,
    pub(super) p_greater: Option<f64>,
}

impl Estimate {
    pub(super) fn unpaired(a: Moments, b: Moments) -> Self {
        let (part_a, part_b) = (a.deviations / (a.n - 1.0) / a.n, b.deviations / (b.n - 1.0) / b.n);
        let variance = part_a + part_b;
        let df = if variance > 0.0 {
            let (share_a, share_b) = (part_a / variance, part_b / variance);
            1.0 / (share_a * share_a / (a.n - 1.0) + share_b * share_b / (b.n - 1.0))
        } else {
            1.0
        };
        Self { value: a.mean - b.mean, error: variance.sqrt(), df }
    }

    /// Tests the difference against `value`; without variance only its sign is known.
    pub(super) fn against(self, value: f64) -> Test {
        let distance = self.value - value;
        if self.error > 0.0 {
            let t = distance / self.error;
            let tails = t_tails(t, self.df);
            return Test {
                t: t.is_finite().then_some(t),
                p_two_sided: Some((2.0 * tails.lower.min(tails.upper)).min(1.0)),
                p_less: Some(tails.lower),
                p_greater: Some(tails.upper),
            };
        }
        let (p_less, p_greater) = match distance.partial_cmp(&0.0) {
            Some(std::cmp::Ordering::Less) => (Some(0.0), Some(1.0)),
            Some(std::cmp::Ordering::Greater) => (Some(1.0), Some(0.0)),
            _ => (None, None),
        };
        Test { t: None, p_two_sided: p_less.map(|_| 0.0), p_less, p_greater }
    }

    /// Returns the interval at a level, in the units of the sample; `None` without variance.
    pub(super) fn interval(self, level: Level, scale: f64) -> Option<Interval> {
        if self.error <= 0.0 {
            return None;
        }
        let half = t_upper_quantile(level.tail(), self.df) * self.error;
        Some(Interval {
            low: unscale(self.value - half, scale)?,
            high: unscale(self.value + half, scale)?,
        })
    }
}

/// Brings a number back to the units of the sample.
pub(super) fn in_range(value: f64, scale: f64) -> Result<f64, StatsError> {
    unscale(value, scale).ok_or(StatsError::OutOfDomain {
        argument: "difference",
        value: value.signum() * f64::MAX,
        expected: "within the range of a 64-bit float",
    })
}
