//! The bootstrap distribution and its intervals.

use serde::Serialize;

use super::acceleration::{Influence, acceleration, bca};
use super::draws::{Draws, PairDraws, Source};
use super::statistic::{Statistic, mean};
use crate::convert::length_to_f64;
use crate::description::quantile_of;
use crate::intervals::Groups;
use crate::sample::{check_lengths, check_sample, finite};
use crate::sorting::ascending;
use crate::{Interval, Level, OpenInterval, StatsError};

/// A bootstrap distribution with its intervals; `None` where a number is undefined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bootstrap {
    /// The statistic of the sample.
    pub theta: f64,
    /// The statistic of each resample, in their order.
    pub distribution: Vec<f64>,
    /// The standard deviation of the distribution; `None` for a single resample.
    pub se: Option<f64>,
    /// The percentile interval: quantiles of the distribution.
    pub percentile: Interval,
    /// The basic interval: the percentile interval, mirrored at the estimate.
    pub basic: Interval,
    /// The bias-corrected and accelerated interval. It is `None` where all observations are equal, and has no ends where the
    /// correction is undefined: where all resamples lie on one side of the estimate, or leaving out an observation changes
    /// nothing.
    pub bca: Option<OpenInterval>,
}

/// Bootstraps a statistic of one sample.
///
/// Efron and Tibshirani (1993), "An Introduction to the Bootstrap", sections 13.3 and 14.3; Davison and Hinkley (1997),
/// "Bootstrap Methods and their Application", equation (5.6), for the basic interval. Observations are assumed independent. With
/// 10 to 20 of them the `BCa` interval covers 82 to 94 % instead of 95 %; a t interval does better for means.
///
/// # Errors
/// [`StatsError::TooFew`] below two observations and without resamples, [`StatsError::NotFinite`] for a NaN or infinite
/// observation, [`StatsError::Unequal`] and [`StatsError::OutOfDomain`] for rows of indices that do not fit the sample, and
/// [`StatsError::OutOfDomain`] where the statistic overflows.
pub fn bootstrap(
    sample: &[f64],
    statistic: Statistic,
    draws: Draws<'_>,
    level: Level,
) -> Result<Bootstrap, StatsError> {
    statistic.check()?;
    check_sample("bootstrap", "x", sample, 2)?;
    let (mut source, resamples) = one_source(draws, sample.len())?;
    let mut resample = sample.to_vec();
    let theta = statistic.of(&mut resample);
    let distribution = (0..resamples).map(|_| {
        source.fill(sample, &mut resample);
        statistic.of(&mut resample)
    });
    let distribution = distribution.collect();
    let influence = (!is_constant(sample)).then(|| Influence::of(statistic, sample));
    finished(theta, distribution, influence.map(Vec::from_iter), level)
}

/// Bootstraps the difference of a statistic of two independent samples, the first less the second.
///
/// # Errors
/// As [`bootstrap`], for both samples.
pub fn bootstrap_difference(
    (a, b): (&[f64], &[f64]),
    statistic: Statistic,
    draws: PairDraws<'_>,
    level: Level,
) -> Result<Bootstrap, StatsError> {
    statistic.check()?;
    check_sample("bootstrap", "a", a, 2)?;
    check_sample("bootstrap", "b", b, 2)?;
    let (mut first, mut second, resamples) = match draws {
        PairDraws::Given(rows, others) => {
            check_lengths(("indices_a", rows.len()), ("indices_b", others.len()))?;
            (Source::given(rows, a.len())?, Source::given(others, b.len())?, rows.len())
        }
        PairDraws::Seeded(resampling) => {
            let resamples = usize::try_from(resampling.resamples).unwrap_or(usize::MAX);
            // The complement keeps the two streams apart, whatever the seed.
            (Source::random(resampling.seed), Source::random(!resampling.seed), resamples)
        }
    };
    let (mut from_a, mut from_b) = (a.to_vec(), b.to_vec());
    let theta = statistic.of(&mut from_a) - statistic.of(&mut from_b);
    let distribution = (0..resamples).map(|_| {
        first.fill(a, &mut from_a);
        second.fill(b, &mut from_b);
        statistic.of(&mut from_a) - statistic.of(&mut from_b)
    });
    let distribution = distribution.collect();
    let influence = (!is_constant(a) || !is_constant(b)).then(|| {
        let second = Influence::of(statistic, b)?.negated();
        Some(vec![Influence::of(statistic, a)?, second])
    });
    finished(theta, distribution, influence.map(Option::unwrap_or_default), level)
}

/// Bootstraps the mean of clustered observations by drawing whole clusters; given rows index the clusters in the order of their
/// labels.
///
/// Davison and Hinkley (1997), section 3.8, strategy 1: the mean of all observations of the clusters drawn, a ratio of two sums.
/// Clusters are assumed independent.
///
/// # Errors
/// As [`bootstrap`]; [`StatsError::TooFew`] below two clusters.
pub fn bootstrap_clusters(
    values: &[f64],
    clusters: &[usize],
    draws: Draws<'_>,
    level: Level,
) -> Result<Bootstrap, StatsError> {
    let groups = Groups::of("bootstrap", values, clusters)?;
    let got = u64::try_from(groups.len()).unwrap_or(u64::MAX);
    if got < 2 {
        return Err(StatsError::TooFew { statistic: "clusters of a bootstrap", needed: 2, got });
    }
    let (mut source, resamples) = one_source(draws, groups.len())?;
    let sums: Vec<(f64, f64)> =
        groups.sums(values.iter().copied()).into_iter().zip(groups.sizes.iter().copied()).collect();
    let mut resample = sums.clone();
    let distribution = (0..resamples).map(|_| {
        source.fill(&sums, &mut resample);
        let (sum, size) =
            resample.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        sum / size
    });
    let distribution = distribution.collect();
    let influence = (!is_constant(values)).then(|| vec![Influence::of_clusters(&sums)]);
    finished(mean(values), distribution, influence, level)
}

fn one_source(draws: Draws<'_>, length: usize) -> Result<(Source<'_>, usize), StatsError> {
    Ok(match draws {
        Draws::Given(rows) => (Source::given(rows, length)?, rows.len()),
        Draws::Seeded(resampling) => {
            let resamples = usize::try_from(resampling.resamples).unwrap_or(usize::MAX);
            (Source::random(resampling.seed), resamples)
        }
    })
}

fn is_constant(sample: &[f64]) -> bool {
    sample.iter().all(|value| (value - sample[0]).abs() <= 0.0)
}

/// Makes the intervals; without influences, all observations are equal.
fn finished(
    theta: f64,
    distribution: Vec<f64>,
    influences: Option<Vec<Influence>>,
    level: Level,
) -> Result<Bootstrap, StatsError> {
    if distribution.is_empty() {
        return Err(StatsError::TooFew { statistic: "resamples", needed: 1, got: 0 });
    }
    let reach = distribution.iter().fold(0.0, |most, value| f64::max(most, value.abs()));
    let has_nan = distribution.iter().any(|value| value.is_nan());
    // The basic interval reaches as far as this.
    if has_nan || !(2.0 * theta.abs() + reach).is_finite() {
        let expected = "small enough for the statistic to be finite";
        return Err(StatsError::OutOfDomain { argument: "sample", value: theta, expected });
    }
    let sorted = ascending(distribution.iter().copied());
    let tail = level.tail();
    let low = quantile_of(&sorted, tail);
    let high = quantile_of(&sorted, 1.0 - tail);
    let bca = influences.map(|influences| bca(&sorted, theta, acceleration(&influences), tail));
    let n = length_to_f64(distribution.len());
    let centre = mean(&distribution);
    let squares: f64 = distribution.iter().map(|value| (value - centre).powi(2)).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    Ok(Bootstrap {
        theta,
        se: if distribution.len() > 1 { finite(deviation) } else { None },
        percentile: Interval { low, high },
        basic: Interval { low: 2.0 * theta - high, high: 2.0 * theta - low },
        bca,
        distribution,
    })
}
