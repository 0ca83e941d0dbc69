//! Agreement of raters on a scale, as a share of the variance.

use serde::Serialize;

use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample, finite, finite_interval, power_of_two};
use crate::special::{f_quantile, f_tails, f_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The intraclass correlations of one rater and of the mean of `k` raters (`…k`); those without variance to divide are absent.
///
/// `icc1` takes each unit's raters at random, `icc2` one set of raters at random (absolute agreement), `icc3` this set of raters
/// (consistency).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntraclassCorrelation {
    /// The number of units.
    pub n_units: usize,
    /// The number of raters.
    pub n_raters: usize,
    /// ICC(1,1).
    pub icc1: Option<f64>,
    /// ICC(2,1), also ICC(A,1).
    pub icc2: Option<f64>,
    /// ICC(3,1), also ICC(C,1).
    pub icc3: Option<f64>,
    /// ICC(1,k).
    pub icc1k: Option<f64>,
    /// ICC(2,k), also ICC(A,k).
    pub icc2k: Option<f64>,
    /// ICC(3,k), also ICC(C,k).
    pub icc3k: Option<f64>,
    /// The F statistic of `icc1` and `icc1k`.
    pub f1: Option<f64>,
    /// The F statistic of `icc2` and `icc3` and their means.
    pub f3: Option<f64>,
    /// The degrees of freedom between units.
    pub df_between: f64,
    /// The degrees of freedom within units, for `f1`.
    pub df1: f64,
    /// The residual degrees of freedom, for `f3`.
    pub df3: f64,
    /// The interval of `icc1`.
    pub ci_icc1: Option<Interval>,
    /// The interval of `icc2`.
    pub ci_icc2: Option<Interval>,
    /// The interval of `icc3`.
    pub ci_icc3: Option<Interval>,
    /// The interval of `icc1k`.
    pub ci_icc1k: Option<Interval>,
    /// The interval of `icc2k`.
    pub ci_icc2k: Option<Interval>,
    /// The interval of `icc3k`.
    pub ci_icc3k: Option<Interval>,
    /// The probability of an `f1` at least as large without differences between units.
    pub p1: Option<f64>,
    /// The probability of an `f3` at least as large without differences between units.
    pub p3: Option<f64>,
}

/// Returns the six intraclass correlations of ratings given as one row for each unit, one column for each rater.
///
/// Shrout and Fleiss (1979), "Intraclass correlations: uses in assessing rater reliability", table 3; intervals of
/// `McGraw` and Wong (1996), "Forming inferences about some intraclass correlation coefficients", table 7. Assumes normal effects and errors, and no rating missing.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for fewer than two units or raters, [`StatsError::Unequal`] for rows of different length and
/// [`StatsError::NotFinite`] for a rating that is missing or infinite.
pub fn intraclass_correlation(
    units: &[Vec<f64>],
    level: Level,
) -> Result<IntraclassCorrelation, StatsError> {
    let raters = units.first().map_or(0, Vec::len);
    for smaller in [units.len(), raters] {
        if smaller < 2 {
            let got = u64::try_from(smaller).unwrap_or(u64::MAX);
            return Err(StatsError::TooFew { statistic: "intraclass correlation", needed: 2, got });
        }
    }
    for unit in units {
        check_lengths(("raters", raters), ("ratings of a unit", unit.len()))?;
        check_sample("intraclass correlation", "ratings", unit, 2)?;
    }
    let squares = MeanSquares::of(units, raters);
    Ok(squares.correlations(units.len(), raters, level.tail()))
}

/// The mean squares of the analysis of variance.
struct MeanSquares {
    n: f64,
    k: f64,
    units: f64,
    within: f64,
    raters: f64,
    residual: f64,
}

impl MeanSquares {
    fn of(ratings: &[Vec<f64>], raters: usize) -> Self {
        let (n, k) = (length_to_f64(ratings.len()), length_to_f64(raters));
        let largest = ratings.iter().flatten().fold(0.0, |most, x| f64::max(most, x.abs()));
        let scale = power_of_two(largest);
        let origin = ratings[0][0] / scale;
        let at = |rating: f64| rating / scale - origin;
        let of_units: Vec<f64> =
            ratings.iter().map(|unit| unit.iter().map(|x| at(*x)).sum::<f64>() / k).collect();
        let of_raters: Vec<f64> = (0..raters)
            .map(|rater| ratings.iter().map(|unit| at(unit[rater])).sum::<f64>() / n)
            .collect();
        let grand = of_units.iter().sum::<f64>() / n;
        let (mut within, mut residual) = (0.0, 0.0);
        for (unit, mean) in ratings.iter().zip(&of_units) {
            for (rating, of_rater) in unit.iter().zip(&of_raters) {
                let deviation = at(*rating) - mean;
                within += deviation * deviation;
                residual += (deviation - (of_rater - grand)).powi(2);
            }
        }
        let around = |means: &[f64]| means.iter().map(|mean| (mean - grand).powi(2)).sum::<f64>();
        // What rounding leaves of sums that are 0.
        let rounding = n * k * (16.0 * f64::EPSILON * largest / scale).powi(2);
        let clean = |squares: f64| if squares <= rounding { 0.0 } else { squares };
        Self {
            n,
            k,
            units: clean(k * around(&of_units)) / (n - 1.0),
            within: clean(within) / (n * (k - 1.0)),
            raters: clean(n * around(&of_raters)) / (k - 1.0),
            residual: clean(residual) / ((n - 1.0) * (k - 1.0)),
        }
    }

    fn correlations(&self, n_units: usize, n_raters: usize, tail: f64) -> IntraclassCorrelation {
        let Self { n, k, units, within, raters, residual } = *self;
        let (df_between, df1) = (n - 1.0, n * (k - 1.0));
        let df3 = df_between * (k - 1.0);
        let bias = (raters - residual) / n;
        let icc2 = (units - residual) / (units + (k - 1.0) * residual + k * bias);
        let (f1, f3) = (units / within, units / residual);
        let (single1, mean1) = one_way(f1, df_between, df1, k, tail);
        let (single3, mean3) = one_way(f3, df_between, df3, k, tail);
        let single2 = self.agreement_interval(icc2, tail);
        let p = |f: f64, df: f64| {
            let above = || f_tails(f, df_between, df).upper;
            if f.is_nan() { None } else { Some(above()) }
        };
        IntraclassCorrelation {
            n_units,
            n_raters,
            icc1: finite((units - within) / (units + (k - 1.0) * within)),
            icc2: finite(icc2),
            icc3: finite((units - residual) / (units + (k - 1.0) * residual)),
            icc1k: finite((units - within) / units),
            icc2k: ratio(units - residual, units, bias),
            icc3k: finite((units - residual) / units),
            f1: finite(f1),
            f3: finite(f3),
            df_between,
            df1,
            df3,
            ci_icc1: single1,
            ci_icc2: single2,
            ci_icc3: single3,
            ci_icc1k: mean1,
            ci_icc2k: single2.and_then(|it| {
                let mean = |single: f64| k * single / (1.0 + (k - 1.0) * single);
                finite_interval(mean(it.low), mean(it.high))
            }),
            ci_icc3k: mean3,
            p1: p(f1, df1),
            p3: p(f3, df3),
        }
    }

    /// Returns the interval of ICC(2,1), whose degrees of freedom are Satterthwaite's.
    fn agreement_interval(&self, icc2: f64, tail: f64) -> Option<Interval> {
        let Self { n, k, units, raters, residual, .. } = *self;
        let ratio = raters / residual;
        let part = n * (1.0 + (k - 1.0) * icc2) - k * icc2;
        let freedom = (k - 1.0) * (n - 1.0) * (k * icc2 * ratio + part).powi(2)
            / ((n - 1.0) * (k * icc2 * ratio).powi(2) + part.powi(2));
        if !(freedom > 0.0 && freedom.is_finite()) {
            return None;
        }
        // The reciprocal of the upper quantile, which may be beyond the floats.
        let rest = f_quantile(tail, freedom, n - 1.0);
        let lower = f_upper_quantile(tail, freedom, n - 1.0);
        let errors = k * raters + (k * n - k - n) * residual;
        finite_interval(
            n * (rest * units - residual) / (errors + n * rest * units),
            n * (lower * units - residual) / (errors + n * lower * units),
        )
    }
}

/// Returns a quotient whose divisor is a sum; nothing where the sum is 0 but for rounding.
fn ratio(dividend: f64, first: f64, second: f64) -> Option<f64> {
    let divisor = first + second;
    let rounding = 1e-14 * (first.abs() + second.abs());
    if divisor.abs() <= rounding { None } else { finite(dividend / divisor) }
}

/// Returns the intervals of a correlation of one rater and of the mean of `k`, from its F statistic.
fn one_way(
    f: f64,
    df: f64,
    df_error: f64,
    k: f64,
    tail: f64,
) -> (Option<Interval>, Option<Interval>) {
    // Without error an F of infinity has no interval, though its correlation is 1.
    if !f.is_finite() {
        return (None, None);
    }
    let low = f / f_upper_quantile(tail, df, df_error);
    let high = f * f_upper_quantile(tail, df_error, df);
    let single = |f: f64| (f - 1.0) / (f + k - 1.0);
    (finite_interval(single(low), single(high)), finite_interval(1.0 - 1.0 / low, 1.0 - 1.0 / high))
}
