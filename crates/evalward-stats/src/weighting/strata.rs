//! Means of a population that is known by strata.

use serde::Serialize;

use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64};
use crate::sample::{Spread, check_lengths, check_sample, compensated_sum, finite, mean_of};

/// How far shares may sum up to something else than 1.
const ROUNDING: f64 = 1e-6;

/// The mean of a population from a sample of each of its strata.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratifiedMean {
    /// The mean of the population.
    pub mean: f64,
    /// Its estimated variance; `None` where a stratum that was not observed wholly has a single observation.
    pub var: Option<f64>,
    /// The square root of `var`.
    pub se: Option<f64>,
    /// The mean of all observations as if there were no strata.
    pub naive_mean: f64,
}

/// Estimates the mean of a population from samples of its strata, which have `population[h]` members.
///
/// Cochran (1977), "Sampling Techniques", 3rd edition, equations (5.1) and (5.13): `mean = sum W_h mean_h` and
/// `var = sum W_h² (1 - n_h / N_h) s_h² / n_h`. Each stratum is assumed a simple random sample of its members.
///
/// # Errors
/// [`StatsError::TooFew`] without strata and for a stratum without observations, [`StatsError::Unequal`] where samples and sizes
/// do not pair, [`StatsError::NotFinite`], and [`StatsError::OutOfDomain`] for a sample larger than its stratum.
pub fn stratified_mean(
    samples: &[Vec<f64>],
    population: &[u64],
) -> Result<StratifiedMean, StatsError> {
    check_lengths(("y", samples.len()), ("population_n", population.len()))?;
    for (sample, size) in samples.iter().zip(population) {
        let n = length_to_f64(sample.len());
        if n > count_to_f64(*size) {
            let expected = "at least the size of its sample";
            let value = count_to_f64(*size);
            return Err(StatsError::OutOfDomain { argument: "population_n", value, expected });
        }
    }
    let all: f64 = population.iter().copied().map(count_to_f64).sum();
    let strata: Vec<Stratum<'_>> = samples
        .iter()
        .zip(population)
        .map(|(sample, size)| {
            let size = count_to_f64(*size);
            let unseen = 1.0 - length_to_f64(sample.len()) / size;
            Stratum { sample, share: size / all, unseen }
        })
        .collect();
    combined(&strata)
}

/// Estimates the mean of a population from one sample whose members were put into strata afterwards; `shares` are the strata's
/// known shares of the population.
///
/// Holt and Smith (1979), "Post stratification", Journal of the Royal Statistical Society A 142(1), the variance given the
/// numbers that fell into the strata: `var = sum share_h² s_h² / n_h`. The population is assumed large.
///
/// # Errors
/// As [`stratified_mean`]; [`StatsError::OutOfDomain`] where a share is negative or they do not sum up to 1.
pub fn poststratified_mean(
    samples: &[Vec<f64>],
    shares: &[f64],
) -> Result<StratifiedMean, StatsError> {
    check_lengths(("y", samples.len()), ("shares", shares.len()))?;
    check_sample("post-stratified mean", "shares", shares, 1)?;
    let out_of_domain =
        |value, expected| StatsError::OutOfDomain { argument: "shares", value, expected };
    if let Some(share) = shares.iter().copied().find(|share| *share < 0.0) {
        return Err(out_of_domain(share, "not negative"));
    }
    let total = compensated_sum(shares.iter().copied());
    if (total - 1.0).abs() > ROUNDING {
        return Err(out_of_domain(total, "shares that sum up to 1"));
    }
    let strata: Vec<Stratum<'_>> = samples
        .iter()
        .zip(shares)
        .map(|(sample, share)| Stratum { sample, share: *share, unseen: 1.0 })
        .collect();
    combined(&strata)
}

/// A stratum of a population.
struct Stratum<'a> {
    sample: &'a [f64],
    /// Its share of the population.
    share: f64,
    /// The share of its members that were not observed.
    unseen: f64,
}

fn combined(strata: &[Stratum<'_>]) -> Result<StratifiedMean, StatsError> {
    if strata.is_empty() {
        return Err(StatsError::TooFew { statistic: "strata", needed: 1, got: 0 });
    }
    for stratum in strata {
        check_sample("mean of a stratum", "y", stratum.sample, 1)?;
    }
    let mean = compensated_sum(strata.iter().map(|it| it.share * mean_of(it.sample)));
    let error = strata.iter().try_fold(0.0, |error, it| {
        if it.unseen <= 0.0 || it.share <= 0.0 {
            return Some(error);
        }
        let own = Spread::of(it.sample).standard_error() * it.share * it.unseen.sqrt();
        finite(f64::hypot(error, own))
    });
    let pooled: Vec<f64> = strata.iter().flat_map(|it| it.sample.iter().copied()).collect();
    Ok(StratifiedMean {
        mean,
        var: error.and_then(|error| finite(error * error)),
        se: error,
        naive_mean: mean_of(&pooled),
    })
}
