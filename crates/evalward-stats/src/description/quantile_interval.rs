//! A quantile of a population, such as the 95th percentile of a latency, with its interval.

use serde::Serialize;

use super::describe::quantile_of;
use super::distribution::Distribution;
use crate::convert::{floor_to_index, length_to_f64};
use crate::interval::OpenInterval;
use crate::sample::{check_sample, finite};
use crate::sorting::ascending;
use crate::special::{beta_quantile, beta_tails, beta_upper_quantile};
use crate::{Level, StatsError};

/// Weights of order statistics below this are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// A quantile of a population, as a sample estimates it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantileInterval {
    /// The sample quantile by linear interpolation, definition 7 of Hyndman and Fan.
    pub quantile_type7: f64,
    /// The interval between two order statistics; an end is `None` where the sample is too small to bound the quantile there.
    pub ci: OpenInterval,
    /// Harrell and Davis' estimate; `None` for a single observation.
    pub harrell_davis: Option<f64>,
}

/// Estimates the quantile at probability `p` of the population behind a sample, with an interval free of any distribution.
///
/// The ends are order statistics: of the observations below the quantile there are as many as a binomial variable with
/// probability `p` has, so its quantiles say which. Conover (1999), "Practical Nonparametric Statistics", 3rd edition, section
/// 3.2, equations (8) and (9); the level is held or exceeded. Harrell and Davis (1982), "A new distribution-free quantile
/// estimator", Biometrika 69(3), equation (1). Observations are assumed independent.
///
/// # Errors
/// [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation, and
/// [`StatsError::OutOfDomain`] unless `0 < p < 1`.
pub fn quantile_interval(
    sample: &[f64],
    p: f64,
    level: Level,
) -> Result<QuantileInterval, StatsError> {
    check_sample("quantile", "x", sample, 1)?;
    if !(p > 0.0 && p < 1.0) {
        let expected = "strictly between 0 and 1";
        return Err(StatsError::OutOfDomain { argument: "p", value: p, expected });
    }
    let sorted = ascending(sample.iter().copied());
    let below = Distribution::binomial(u64::try_from(sorted.len()).unwrap_or(u64::MAX), p)?;
    let order = |count: Option<f64>| count.map(floor_to_index);
    let low = order(below.quantile(level.tail())?)
        .and_then(|count| count.checked_sub(1))
        .and_then(|index| sorted.get(index).copied());
    let high =
        order(below.upper_quantile(level.tail())?).and_then(|index| sorted.get(index).copied());
    Ok(QuantileInterval {
        quantile_type7: quantile_of(&sorted, p),
        ci: OpenInterval { low, high },
        harrell_davis: if sorted.len() > 1 { finite(harrell_davis(&sorted, p)) } else { None },
    })
}

/// Returns the mean of the order statistics, weighted by the beta distribution of the quantile's rank.
fn harrell_davis(sorted: &[f64], p: f64) -> f64 {
    let n = length_to_f64(sorted.len());
    let (a, b) = ((n + 1.0) * p, (n + 1.0) * (1.0 - p));
    // Far from the quantile all weights are 0; a large sample has many of those.
    let first = floor_to_index((beta_quantile(a, b, NEGLIGIBLE) * n).floor()).min(sorted.len() - 1);
    let end = floor_to_index((beta_upper_quantile(a, b, NEGLIGIBLE) * n).ceil()).min(sorted.len());
    let tails = |index: usize| {
        let share = length_to_f64(index) / n;
        beta_tails(a, b, share, length_to_f64(sorted.len() - index) / n)
    };
    let scale = sorted[0].abs().max(sorted[sorted.len() - 1].abs()).max(f64::MIN_POSITIVE);
    let mut before = tails(first);
    let mut total = 0.0;
    for (index, value) in sorted.iter().enumerate().take(end).skip(first) {
        let after = tails(index + 1);
        // The difference of whichever tails are small.
        let weight = if before.lower < 0.5 {
            after.lower - before.lower
        } else {
            before.upper - after.upper
        };
        total += weight * (value / scale);
        before = after;
    }
    total * scale
}
