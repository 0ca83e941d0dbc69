//! The mean of independent observations.

use serde::Serialize;

use crate::sample::{Spread, check_sample, finite, finite_interval};
use crate::special::{t_tails, t_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The mean of a sample against a supposed one; `None` where a number is undefined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeanTest {
    /// The number of observations.
    pub n: usize,
    /// The mean.
    pub mean: f64,
    /// The standard error of the mean; 0 where all observations are equal.
    pub se: Option<f64>,
    /// The difference from the supposed mean in standard errors; `None` where all observations are equal.
    pub t: Option<f64>,
    /// The degrees of freedom, `n - 1`.
    pub df: usize,
    /// The p-value of "the mean is the supposed one".
    pub p_two_sided: Option<f64>,
    /// The p-value of "the mean is not lower".
    pub p_less: Option<f64>,
    /// The p-value of "the mean is not higher".
    pub p_greater: Option<f64>,
    /// The t interval; `None` where all observations are equal, which says nothing about the spread.
    pub ci: Option<Interval>,
}

/// Compares the mean of a sample with a supposed one by Student's t, and puts the t interval around it.
///
/// Student (1908), "The probable error of a mean", Biometrika 6(1). Observations are assumed independent, and their mean
/// normal: skewed scores need more than a few.
///
/// # Errors
/// [`StatsError::TooFew`] below two observations, [`StatsError::NotFinite`] for a NaN or infinite one, and
/// [`StatsError::OutOfDomain`] for a supposed mean that is neither.
pub fn mean_interval(sample: &[f64], supposed: f64, level: Level) -> Result<MeanTest, StatsError> {
    check_sample("t interval of a mean", "x", sample, 2)?;
    if !supposed.is_finite() {
        return Err(StatsError::NotFinite { argument: "mu0", index: 0 });
    }
    let spread = Spread::of(sample);
    let freedom = spread.n - 1.0;
    let se = spread.standard_error();
    let difference = spread.mean - supposed;
    let result = MeanTest {
        n: sample.len(),
        mean: spread.mean,
        se: finite(se),
        t: None,
        df: sample.len() - 1,
        p_two_sided: None,
        p_less: None,
        p_greater: None,
        ci: None,
    };
    if spread.is_constant() {
        let is_off = difference.abs() > 0.0;
        let sure = |holds: bool| is_off.then_some(if holds { 1.0 } else { 0.0 });
        return Ok(MeanTest {
            p_two_sided: sure(false),
            p_less: sure(difference > 0.0),
            p_greater: sure(difference < 0.0),
            ..result
        });
    }
    let t = finite(difference / se);
    let tails = t.map(|t| t_tails(t, freedom));
    let half = t_upper_quantile(level.tail(), freedom) * se;
    Ok(MeanTest {
        t,
        p_two_sided: tails.map(|tails| 2.0 * tails.lower.min(tails.upper)),
        p_less: tails.map(|tails| tails.lower),
        p_greater: tails.map(|tails| tails.upper),
        ci: finite_interval(spread.mean - half, spread.mean + half),
        ..result
    })
}
