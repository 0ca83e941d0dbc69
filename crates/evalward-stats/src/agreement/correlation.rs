//! Correlation of two series, and how far they are the same.

use serde::Serialize;

use super::kendall::kendall;
use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample, finite, safe_scale};
use crate::sorting::order;
use crate::special::{beta_tails, normal_upper_quantile};
use crate::{Interval, Level, StatsError};

/// Correlations of two series; those of a constant series are absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Correlation {
    /// The number of pairs.
    pub n: usize,
    /// Pearson's correlation.
    pub pearson: Option<f64>,
    /// The two-sided probability of a correlation at least as far from 0 if there is none, for normal pairs.
    pub p_pearson: Option<f64>,
    /// Fisher's interval for `pearson`.
    pub pearson_ci: Option<Interval>,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
    /// The two-sided probability of `spearman` by the t approximation.
    pub p_spearman: Option<f64>,
    /// Kendall's tau-b.
    pub kendall_tau_b: Option<f64>,
    /// The two-sided probability of `kendall_tau_b` by the normal approximation with ties.
    pub p_kendall_asymp: Option<f64>,
    /// The exact two-sided probability; absent with ties and for series too long to enumerate.
    pub p_kendall_exact: Option<f64>,
    /// Lin's concordance: 1 only where the series are equal.
    pub lin_ccc: Option<f64>,
}

/// Returns the correlations of Pearson, Spearman and Kendall and Lin's concordance of two paired series.
///
/// Fisher (1921), "On the probable error of a coefficient of correlation", for the interval; Spearman (1904); Kendall (1970);
/// Lin (1989), "A concordance correlation coefficient to evaluate reproducibility", equation (2), with moments of divisor `n`.
/// Assumes independent pairs.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for fewer than two pairs, [`StatsError::Unequal`] for series of different length and
/// [`StatsError::NotFinite`] for a NaN or infinite number.
pub fn correlation(x: &[f64], y: &[f64], level: Level) -> Result<Correlation, StatsError> {
    check_lengths(("x", x.len()), ("y", y.len()))?;
    check_sample("correlation", "x", x, 2)?;
    check_sample("correlation", "y", y, 2)?;
    let n = length_to_f64(x.len());
    let pearson = pearson(&Centred::of(x), &Centred::of(y));
    let (ranks_x, ranks_y) = (Ranks::of(x), Ranks::of(y));
    let spearman = spearman(&ranks_x.middle, &ranks_y.middle);
    let kendall = kendall(&ranks_x.dense, &ranks_y.dense);
    Ok(Correlation {
        n: x.len(),
        pearson,
        p_pearson: pearson.map(|r| if x.len() == 2 { 1.0 } else { two_sided(r, n) }),
        pearson_ci: pearson.map(|r| fisher_interval(r, n, level)),
        spearman,
        p_spearman: if x.len() == 2 { None } else { spearman.map(|r| two_sided(r, n)) },
        kendall_tau_b: kendall.tau_b,
        p_kendall_asymp: kendall.p_asymptotic,
        p_kendall_exact: kendall.p_exact,
        lin_ccc: concordance(x, y),
    })
}

/// The deviations of a series from its mean, divided by their length; nothing for a constant series.
struct Centred(Option<Vec<f64>>);

impl Centred {
    fn of(values: &[f64]) -> Self {
        if values.iter().all(|value| (value - values[0]).abs() <= 0.0) {
            return Self(None);
        }
        let scale = safe_scale(values.iter());
        let scaled = || values.iter().map(|value| value / scale);
        let mean = scaled().sum::<f64>() / length_to_f64(values.len());
        let deviations: Vec<f64> = scaled().map(|value| value - mean).collect();
        let largest = deviations.iter().fold(0.0, |most, value| f64::max(most, value.abs()));
        let squares: f64 = deviations.iter().map(|value| (value / largest).powi(2)).sum();
        let length = largest * squares.sqrt();
        Self(Some(deviations.into_iter().map(|value| value / length).collect()))
    }
}

fn pearson(x: &Centred, y: &Centred) -> Option<f64> {
    let (x, y) = (x.0.as_ref()?, y.0.as_ref()?);
    let product: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
    finite(product.clamp(-1.0, 1.0))
}

fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = length_to_f64(x.len());
    let middle = f64::midpoint(n, 1.0);
    let sum = |left: &[f64], right: &[f64]| {
        let pairs = left.iter().zip(right);
        pairs.map(|(left, right)| (left - middle) * (right - middle)).sum::<f64>() / (n - 1.0)
    };
    let (of_x, of_y) = (sum(x, x), sum(y, y));
    finite((sum(x, y) / of_x.sqrt() / of_y.sqrt()).clamp(-1.0, 1.0))
}

/// Returns the probability of a correlation at least as far from 0 on either side: `(1 + r) / 2` is a beta variable with both
/// shapes `n / 2 - 1`, which is the t test without its division by `1 - r²`.
fn two_sided(r: f64, n: f64) -> f64 {
    let shape = n / 2.0 - 1.0;
    let (below, above) = ((1.0 - r.abs()) / 2.0, f64::midpoint(1.0, r.abs()));
    (2.0 * beta_tails(shape, shape, below, above).lower).min(1.0)
}

fn fisher_interval(r: f64, n: f64, level: Level) -> Interval {
    if n <= 3.0 {
        return Interval { low: -1.0, high: 1.0 };
    }
    if r.abs() >= 1.0 {
        return Interval { low: r, high: r };
    }
    let reach = normal_upper_quantile(level.tail()) / (n - 3.0).sqrt();
    Interval { low: (r.atanh() - reach).tanh(), high: (r.atanh() + reach).tanh() }
}

/// Returns an interval for Spearman's rank correlation of `n` pairs, which need not be whole.
///
/// Bonett and Wright (2000), "Sample size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika
/// 65(1): Fisher's transformation with the variance `(1 + r² / 2) / (n - 3)`. Assumes independent pairs; ties make it too wide
/// rather than too narrow.
///
/// # Errors
/// [`StatsError::OutOfDomain`] for a correlation that is not within `[-1, 1]` and for an `n` that is no number.
pub fn spearman_interval(r: f64, n: f64, level: Level) -> Result<Interval, StatsError> {
    if !(-1.0..=1.0).contains(&r) {
        let (argument, expected) = ("r", "in [-1, 1]");
        return Err(StatsError::OutOfDomain { argument, value: r, expected });
    }
    if n.is_nan() {
        return Err(StatsError::OutOfDomain { argument: "n", value: n, expected: "a number" });
    }
    if n <= 3.0 {
        return Ok(Interval { low: -1.0, high: 1.0 });
    }
    if r.abs() >= 1.0 {
        return Ok(Interval { low: r, high: r });
    }
    let error = ((1.0 + r * r / 2.0) / (n - 3.0)).sqrt();
    let reach = normal_upper_quantile(level.tail()) * error;
    Ok(Interval { low: (r.atanh() - reach).tanh(), high: (r.atanh() + reach).tanh() })
}

fn concordance(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = length_to_f64(x.len());
    let scale = safe_scale(x.iter().chain(y));
    let mean = |values: &[f64]| values.iter().map(|value| value / scale).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut squares, mut products) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x / scale - mean_x, y / scale - mean_y);
        squares += x * x + y * y;
        products += x * y;
    }
    finite(2.0 * products / (squares + n * (mean_x - mean_y).powi(2)))
}

/// The ranks of a series: counted from 0 without gaps, and from 1 with the middle rank for equal values.
struct Ranks {
    dense: Vec<usize>,
    middle: Vec<f64>,
}

impl Ranks {
    fn of(values: &[f64]) -> Self {
        let order = order(values);
        let mut ranks = Self { dense: vec![0; values.len()], middle: vec![0.0; values.len()] };
        let mut below = 0;
        let equal = |left: &usize, right: &usize| values[*left] >= values[*right];
        for (rank, group) in order.chunk_by(equal).enumerate() {
            let middle = length_to_f64(below) + f64::midpoint(length_to_f64(group.len()), 1.0);
            for position in group {
                ranks.dense[*position] = rank;
                ranks.middle[*position] = middle;
            }
            below += group.len();
        }
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_spearman_is_wider_than_that_of_pearson() {
        let found = spearman_interval(0.6, 50.0, Level::P95).unwrap();
        // tanh(atanh(0.6) -+ 1.959964 sqrt(1.18 / 47)).
        assert!((found.low - 0.364_955_5).abs() < 1e-6, "{found:?}");
        assert!((found.high - 0.763_145_1).abs() < 1e-6, "{found:?}");
        assert!(found.width() > fisher_interval(0.6, 50.0, Level::P95).width());
        assert_eq!(spearman_interval(0.6, 3.0, Level::P95), Ok(Interval { low: -1.0, high: 1.0 }));
        assert!(spearman_interval(1.1, 50.0, Level::P95).is_err());
        assert!(spearman_interval(0.1, f64::NAN, Level::P95).is_err());
    }
}
