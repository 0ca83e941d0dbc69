//! What every function asks of a sample before it computes anything, and the sums they share.

use crate::convert::length_to_f64;
use crate::{Interval, StatsError};

/// Checks that a sample has enough observations and that all of them are finite.
pub(crate) fn check_sample(
    statistic: &'static str,
    argument: &'static str,
    sample: &[f64],
    needed: u64,
) -> Result<(), StatsError> {
    let got = u64::try_from(sample.len()).unwrap_or(u64::MAX);
    if got < needed {
        return Err(StatsError::TooFew { statistic, needed, got });
    }
    match sample.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(StatsError::NotFinite { argument, index }),
        None => Ok(()),
    }
}

/// Checks that two arguments that belong together are of one length.
pub(crate) fn check_lengths(
    (left, left_length): (&'static str, usize),
    (right, right_length): (&'static str, usize),
) -> Result<(), StatsError> {
    if left_length == right_length {
        return Ok(());
    }
    Err(StatsError::Unequal { left, left_length, right, right_length })
}

/// Returns a sum that is compensated as in Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen", ZAMM 54, algorithm IV, so that large offsets and mixed magnitudes cost no digits.
pub(crate) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 0.0_f64;
    let mut lost = 0.0;
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

/// Returns the mean of a sample that was checked and is not empty, also where the sum leaves the range of f64.
pub(crate) fn mean_of(sample: &[f64]) -> f64 {
    let n = length_to_f64(sample.len());
    let total = compensated_sum(sample.iter().copied());
    if total.is_finite() {
        return total / n;
    }
    compensated_sum(sample.iter().map(|value| value / n))
}

/// The mean of a sample and the spread around it, which neither overflows nor underflows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The number of observations.
    pub(crate) n: f64,
    /// The mean.
    pub(crate) mean: f64,
    /// A power of two near the largest deviation; 0 where all observations are equal.
    scale: f64,
    /// The sum of the squares of the deviations, each divided by `scale`.
    squares: f64,
}

impl Spread {
    /// Returns the spread of a sample that was checked and is not empty.
    pub(crate) fn of(sample: &[f64]) -> Self {
        let n = length_to_f64(sample.len());
        let first = sample.first().copied().unwrap_or(0.0);
        // Equal observations have no spread, whatever rounding makes of their mean.
        if sample.iter().all(|value| (value - first).abs() <= 0.0) {
            return Self { n, mean: first, scale: 0.0, squares: 0.0 };
        }
        let mean = mean_of(sample);
        let largest = sample.iter().fold(0.0, |most, value| f64::max(most, value.abs()));
        let scale = power_of_two(largest);
        let centre = mean / scale;
        let (mut squares, mut rest) = (0.0, 0.0);
        let inverse = 1.0 / scale;
        if inverse.is_finite() && (1e-100..1e100).contains(&largest) {
            for value in sample {
                let deviation = value - mean;
                squares += deviation * deviation;
                rest += deviation;
            }
            // The correction of Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance", equation (1.7).
            let squares = (squares - rest * rest / n).max(0.0) / scale / scale;
            return Self { n, mean, scale, squares };
        }
        for value in sample {
            let deviation = value / scale - centre;
            squares += deviation * deviation;
            rest += deviation;
        }
        Self { n, mean, scale, squares: (squares - rest * rest / n).max(0.0) }
    }

    /// Returns the standard deviation with divisor `n - 1`; 0 where all observations are equal.
    pub(crate) fn deviation(self) -> f64 {
        (self.squares / (self.n - 1.0)).sqrt() * self.scale
    }

    /// Returns the standard error of the mean.
    pub(crate) fn standard_error(self) -> f64 {
        (self.squares / (self.n - 1.0) / self.n).sqrt() * self.scale
    }

    /// Tells whether all observations are equal.
    pub(crate) fn is_constant(self) -> bool {
        self.scale <= 0.0
    }
}

/// Returns a power of two within a factor of two of a positive number, and 1 for 0.
pub(crate) fn power_of_two(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    // The largest power whose inverse is also normal.
    value.log2().floor().clamp(-1020.0, 1020.0).exp2()
}

/// Returns a number, and nothing where it is NaN or infinite.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Returns an interval, and nothing where an end is NaN or infinite.
pub(crate) fn finite_interval(low: f64, high: f64) -> Option<Interval> {
    (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
}

/// Returns the power of two by which numbers are divided where their squares would leave the range of f64, else 1.
pub(crate) fn safe_scale<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let largest = values.fold(0.0, |most, value| f64::max(most, value.abs()));
    if (1e-100..1e100).contains(&largest) { 1.0 } else { power_of_two(largest) }
}
