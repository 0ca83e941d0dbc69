//! Totals and means of a population from members that were included independently, each with a known probability.

use serde::Serialize;

use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64, length_to_u64};
use crate::sample::{check_lengths, check_sample, compensated_sum, finite, power_of_two};

/// The largest population of which all samples are enumerated.
const MOST_ENUMERATED: usize = 20;

/// Estimates from one Poisson sample; `None` where a number leaves the range of f64.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoissonEstimates {
    /// Horvitz and Thompson's total, `sum(y / pi)`.
    pub ht_total: Option<f64>,
    /// That total divided by the size of the population.
    pub ht_mean: Option<f64>,
    /// The estimated variance of `ht_mean`.
    pub var_ht_mean: Option<f64>,
    /// Hájek's mean, `sum(y / pi) / sum(1 / pi)`.
    pub hajek: f64,
    /// The linearised variance of `hajek`.
    pub var_hajek: Option<f64>,
    /// Kish's effective sample size, `(sum w)² / sum w²` with `w = 1 / pi`.
    pub kish_neff: f64,
    /// The mean of the sample as if all members were equally likely; shown to tell how far off it is.
    pub naive_mean: f64,
}

/// The moments of the estimators over all samples of a small population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExactMoments {
    /// The mean of the population.
    pub true_mean: f64,
    /// The expectation of Horvitz and Thompson's mean, over all samples.
    pub ht_expectation: f64,
    /// Its variance.
    pub ht_variance: f64,
    /// Its variance by the formula `sum((1 - pi) / pi y²) / N²`.
    pub ht_variance_formula: f64,
    /// The expectation of Hájek's mean, given that the sample is not empty.
    pub hajek_expectation_nonempty: f64,
    /// Its variance, given the same.
    pub hajek_variance_nonempty: f64,
    /// The expectation of the plain mean, given the same.
    pub naive_mean_expectation_nonempty: f64,
    /// The probability of a sample that is not empty.
    pub p_nonempty: f64,
}

/// Estimates total and mean of a population of `population` members from a Poisson sample with inclusion probabilities `pi`.
///
/// Särndal, Swensson and Wretman (1992), "Model Assisted Survey Sampling", results 2.8.1 and 3.5.1 and section 5.7: members
/// that were included with certainty contribute no variance. Kish (1965), "Survey Sampling", section 11.7.
///
/// # Errors
/// [`StatsError::TooFew`] for an empty sample, [`StatsError::Unequal`] where values and probabilities do not pair,
/// [`StatsError::NotFinite`] for a NaN among them, and [`StatsError::OutOfDomain`] unless `0 < pi <= 1` and the population is at
/// least as large as the sample.
pub fn poisson_estimates(
    y: &[f64],
    pi: &[f64],
    population: u64,
) -> Result<PoissonEstimates, StatsError> {
    check(y, pi)?;
    let all = count_to_f64(population);
    if population < length_to_u64(y.len()) {
        let expected = "at least the size of the sample";
        return Err(StatsError::OutOfDomain { argument: "population_n", value: all, expected });
    }
    // In units in which nothing overflows: weights at most 1, values about 1.
    let rarest = pi.iter().copied().fold(1.0, f64::min);
    let scale = power_of_two(y.iter().fold(0.0, |most, value| f64::max(most, value.abs())));
    let members = || y.iter().zip(pi).map(|(y, pi)| (y / scale, rarest / pi, *pi));
    let sum_w = compensated_sum(members().map(|(_, w, _)| w));
    let sum_wy = compensated_sum(members().map(|(y, w, _)| y * w));
    let is_constant = y.iter().all(|value| (value - y[0]).abs() <= 0.0);
    let hajek = if is_constant { y[0] / scale } else { sum_wy / sum_w };
    let spread = compensated_sum(members().map(|(y, w, pi)| {
        let deviation = w * (y - hajek);
        (1.0 - pi) * deviation * deviation
    }));
    let squares = compensated_sum(members().map(|(y, w, pi)| (1.0 - pi) * (y * w) * (y * w)));
    let total = sum_wy / rarest * scale;
    Ok(PoissonEstimates {
        ht_total: finite(total),
        ht_mean: finite(sum_wy / all / rarest * scale),
        var_ht_mean: finite((squares.sqrt() / all / rarest * scale).powi(2)),
        hajek: hajek * scale,
        var_hajek: finite((spread.sqrt() / sum_w * scale).powi(2)),
        kish_neff: sum_w * sum_w / compensated_sum(members().map(|(_, w, _)| w * w)),
        naive_mean: compensated_sum(y.iter().map(|y| y / scale)) / length_to_f64(y.len()) * scale,
    })
}

/// Returns the moments of the estimators over all samples of a population of at most 20 members.
///
/// This is the truth that estimates of bias and variance are held against: every subset is weighted by its probability.
///
/// # Errors
/// As [`poisson_estimates`]; [`StatsError::OutOfDomain`] also for a larger population and for values that overflow.
pub fn exact_moments(y: &[f64], pi: &[f64]) -> Result<ExactMoments, StatsError> {
    check(y, pi)?;
    let all = length_to_f64(y.len());
    if y.len() > MOST_ENUMERATED {
        let expected = "at most 20";
        return Err(StatsError::OutOfDomain { argument: "population size", value: all, expected });
    }
    let true_mean = compensated_sum(y.iter().map(|y| y / all));
    let mut walk = Walk { y, pi, true_mean, sums: Sums::default() };
    walk.subsets(0, Sample { probability: 1.0, ..Sample::default() });
    let sums = walk.sums;
    let terms = y.iter().zip(pi).map(|(y, pi)| (1.0 - pi) / pi * (y / all) * (y / all));
    let shift = sums.hajek / sums.nonempty;
    let result = ExactMoments {
        true_mean,
        ht_expectation: true_mean + sums.ht,
        ht_variance: (sums.ht_square - sums.ht * sums.ht).max(0.0),
        ht_variance_formula: terms.sum(),
        hajek_expectation_nonempty: true_mean + shift,
        hajek_variance_nonempty: (sums.hajek_square / sums.nonempty - shift * shift).max(0.0),
        naive_mean_expectation_nonempty: true_mean + sums.naive / sums.nonempty,
        p_nonempty: sums.nonempty.min(1.0),
    };
    let numbers = [
        result.ht_expectation,
        result.ht_variance,
        result.ht_variance_formula,
        result.hajek_expectation_nonempty,
        result.hajek_variance_nonempty,
        result.naive_mean_expectation_nonempty,
    ];
    if numbers.into_iter().all(f64::is_finite) {
        return Ok(result);
    }
    let expected = "small enough for their squares to be finite";
    Err(StatsError::OutOfDomain { argument: "y", value: true_mean, expected })
}

fn check(y: &[f64], pi: &[f64]) -> Result<(), StatsError> {
    check_lengths(("y", y.len()), ("pi", pi.len()))?;
    check_sample("weighted mean", "y", y, 1)?;
    check_sample("weighted mean", "pi", pi, 1)?;
    match pi.iter().copied().find(|pi| !(*pi > 0.0 && *pi <= 1.0)) {
        Some(value) => {
            Err(StatsError::OutOfDomain { argument: "pi", value, expected: "above 0, at most 1" })
        }
        None => Ok(()),
    }
}

/// A sample in the making.
#[derive(Clone, Copy, Default)]
struct Sample {
    probability: f64,
    weights: f64,
    weighted: f64,
    values: f64,
    members: f64,
}

/// Sums over samples of what the estimators deviate from the true mean, each sample weighted by its probability.
#[derive(Default)]
struct Sums {
    ht: f64,
    ht_square: f64,
    hajek: f64,
    hajek_square: f64,
    naive: f64,
    nonempty: f64,
}

struct Walk<'a> {
    y: &'a [f64],
    pi: &'a [f64],
    true_mean: f64,
    sums: Sums,
}

impl Walk<'_> {
    /// Visits all samples that begin with the decisions made before `next`.
    fn subsets(&mut self, next: usize, sample: Sample) {
        let (Some(y), Some(pi)) = (self.y.get(next), self.pi.get(next)) else {
            return self.add(sample);
        };
        self.subsets(
            next + 1,
            Sample {
                probability: sample.probability * pi,
                weights: sample.weights + 1.0 / pi,
                weighted: sample.weighted + y / pi,
                values: sample.values + y,
                members: sample.members + 1.0,
            },
        );
        if *pi < 1.0 {
            let probability = sample.probability * (1.0 - pi);
            self.subsets(next + 1, Sample { probability, ..sample });
        }
    }

    fn add(&mut self, sample: Sample) {
        let Sample { probability, .. } = sample;
        let ht = sample.weighted / length_to_f64(self.y.len()) - self.true_mean;
        self.sums.ht += probability * ht;
        self.sums.ht_square += probability * ht * ht;
        if sample.members > 0.0 {
            let hajek = sample.weighted / sample.weights - self.true_mean;
            self.sums.hajek += probability * hajek;
            self.sums.hajek_square += probability * hajek * hajek;
            self.sums.naive += probability * (sample.values / sample.members - self.true_mean);
            self.sums.nonempty += probability;
        }
    }
}
