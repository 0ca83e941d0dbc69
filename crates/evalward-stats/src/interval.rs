//! Intervals and the confidence they are computed at.

use serde::{Serialize, Serializer};

use crate::StatsError;

/// The confidence of an interval, strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// The 90 % level, which leaves 5 % on either side.
    pub const P90: Self = Self(0.90);
    /// The 95 % level, which leaves 2.5 % on either side.
    pub const P95: Self = Self(0.95);
    /// The 99 % level, which leaves 0.5 % on either side.
    pub const P99: Self = Self(0.99);

    /// Checks a confidence such as `0.95`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] unless `0 < confidence < 1`.
    pub fn new(confidence: f64) -> Result<Self, StatsError> {
        if confidence > 0.0 && confidence < 1.0 {
            Ok(Self(confidence))
        } else {
            Err(StatsError::OutOfDomain {
                argument: "confidence",
                value: confidence,
                expected: "strictly between 0 and 1",
            })
        }
    }

    /// Returns the confidence, such as `0.95`.
    pub fn confidence(self) -> f64 {
        self.0
    }

    /// Returns the probability an equal-tailed interval leaves on each side.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

/// A closed interval for an unknown quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end; never below `low`.
    pub high: f64,
}

impl Interval {
    /// Tells whether `value` lies in the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Returns the distance between the ends.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

impl Serialize for Interval {
    /// Writes the two ends, `[low, high]`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.low, self.high].serialize(serializer)
    }
}

/// An interval of which the sample may be too small to bound an end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenInterval {
    /// The lower end; `None` where it is unbounded.
    pub low: Option<f64>,
    /// The upper end; `None` where it is unbounded.
    pub high: Option<f64>,
}

impl Serialize for OpenInterval {
    /// Writes the two ends, `[low, high]`, with `null` for one that is unbounded.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.low, self.high].serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_accepts_only_the_open_unit_interval() {
        for confidence in [f64::MIN_POSITIVE, 0.5, 0.95, 1.0 - f64::EPSILON] {
            assert!(Level::new(confidence).is_ok(), "{confidence} is a level");
        }
        for confidence in [-0.1, 0.0, 1.0, 95.0, f64::NAN, f64::INFINITY] {
            assert!(Level::new(confidence).is_err(), "{confidence} is not a level");
        }
    }
}
