//! The chart of the exponentially weighted moving average.

use super::super::scale::{check_finite, check_positive, out_of_domain};
use crate::StatsError;
use crate::convert::count_to_f64;

/// What an [`Ewma`] is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EwmaOptions {
    /// The mean without a change.
    pub mean: f64,
    /// The standard deviation of the observations.
    pub deviation: f64,
    /// The weight of the newest observation, above 0 and at most 1.
    pub weight: f64,
    /// The distance of the limits from the mean, in standard deviations of the average.
    pub width: f64,
}

/// A chart of the exponentially weighted moving average, which goes on unchanged after an alarm.
///
/// Roberts (1959), "Control chart tests based on geometric moving averages", Technometrics 1(3); the limits
/// `mean ± width * deviation * sqrt(weight / (2 - weight) * (1 - (1 - weight)^(2 t)))` are exact at each `t` for independent
/// observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Ewma {
    options: EwmaOptions,
    n: u64,
    average: f64,
}

impl Ewma {
    /// Starts a chart at the mean.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a mean that is not finite, a deviation or width that is negative, and a weight outside
    /// `(0, 1]`.
    pub fn new(options: EwmaOptions) -> Result<Self, StatsError> {
        if !options.mean.is_finite() {
            return Err(out_of_domain("mean", options.mean, "a finite number"));
        }
        for (argument, value) in [("deviation", options.deviation), ("width", options.width)] {
            if value != 0.0 {
                check_positive(argument, value)?;
            }
        }
        if !(options.weight > 0.0 && options.weight <= 1.0) {
            return Err(out_of_domain("weight", options.weight, "above 0 and at most 1"));
        }
        Ok(Self { options, n: 0, average: options.mean })
    }

    /// Takes an observation in and tells whether the average is outside its limits after it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<bool, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        let EwmaOptions { mean, deviation, weight, width } = self.options;
        let rest = 1.0 - weight;
        self.average = weight * x + rest * self.average;
        let settled = 1.0 - rest.powf(2.0 * count_to_f64(self.n));
        let limit = width * deviation * (weight / (2.0 - weight) * settled).sqrt();
        Ok((self.average - mean).abs() > limit)
    }

    /// Returns the average.
    pub const fn average(&self) -> f64 {
        self.average
    }
}
