//! Means of a population from a sample whose members were chosen with known, unequal probabilities.

use crate::{Interval, Level, StatsError};

/// Additive sums of one sample under Poisson sampling, from which the Hájek estimate and its variance follow.
///
/// With weight `w = 1/pi`, value `y` and `v = w (w - 1)`, the variance of the linearised estimator needs no more than the sums
/// of `w`, `w²`, `w y`, `v`, `v y` and `v y²`; so samples can be summed where they are stored, and sums can be merged and taken
/// back.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WeightedSums {
    /// The number of members of the sample.
    pub n: u64,
    /// The sum of `w`.
    pub w: f64,
    /// The sum of `w²`.
    pub ww: f64,
    /// The sum of `w y`.
    pub wy: f64,
    /// The sum of `v`.
    pub v: f64,
    /// The sum of `v y`.
    pub vy: f64,
    /// The sum of `v y²`.
    pub vyy: f64,
}

/// A population mean, estimated from a weighted sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMean {
    /// The Hájek estimate `sum(w y) / sum(w)`.
    pub mean: f64,
    /// Its estimated variance, for the mean of the finite population that was sampled.
    pub variance: f64,
    /// The number of members of the sample.
    pub n: u64,
    /// Kish's effective sample size `(sum w)² / sum w²`.
    pub effective_n: f64,
}

impl WeightedSums {
    /// Adds a member with value `y`, included with probability `pi`.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `0 < pi <= 1`, [`StatsError::NotFinite`] where `y` is NaN or infinite.
    pub fn push(&mut self, y: f64, pi: f64) -> Result<(), StatsError> {
        let _ = (y, pi);
        todo!()
    }

    /// Returns the sums of both samples together.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        let _ = other;
        todo!()
    }

    /// Returns the sums without a sample that was added before.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        let _ = other;
        todo!()
    }

    /// Estimates the mean of the population.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] where the sample is empty.
    pub fn mean(self) -> Result<WeightedMean, StatsError> {
        todo!()
    }

    /// Estimates the share of a population whose values are 0 or 1, with an interval that stays honest at 0, at 1 and for few.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] where the sample is empty.
    pub fn rate_interval(self, level: Level) -> Result<Interval, StatsError> {
        let _ = level;
        todo!()
    }

    /// Returns the linearised interval of a mean; the whole population sampled gives a point.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two members, unless all were included with certainty.
    pub fn mean_interval(self, level: Level) -> Result<Interval, StatsError> {
        let _ = level;
        todo!()
    }
}
