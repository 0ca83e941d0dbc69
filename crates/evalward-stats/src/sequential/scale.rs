//! The range that bounded observations lie in, and the levels of sequences.

use crate::StatsError;

/// The declared range of bounded observations, mapped onto `[0, 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BoundedScale {
    low: f64,
    high: f64,
}

impl BoundedScale {
    /// Checks that the range is finite and not empty.
    pub(super) fn new(low: f64, high: f64) -> Result<Self, StatsError> {
        if !low.is_finite() {
            return Err(out_of_domain("low", low, "a finite number"));
        }
        if !(high > low && (high - low).is_finite()) {
            return Err(out_of_domain("high", high, "above `low`, at a finite distance"));
        }
        Ok(Self { low, high })
    }

    /// Maps an observation onto `[0, 1]`; `index` is its place in the stream, from 0.
    pub(super) fn to_unit(self, x: f64, index: usize) -> Result<f64, StatsError> {
        if !x.is_finite() {
            return Err(StatsError::NotFinite { argument: "x", index });
        }
        if x < self.low || x > self.high {
            return Err(out_of_domain("x", x, "between the ends of the declared range"));
        }
        Ok((x - self.low) / (self.high - self.low))
    }

    /// Maps a point of `[0, 1]` back onto the range.
    pub(super) fn at_share(self, share: f64) -> f64 {
        (self.low + share * (self.high - self.low)).clamp(self.low, self.high)
    }
}

/// Checks the probability that a sequence may ever miss with.
pub(super) fn check_alpha(alpha: f64) -> Result<f64, StatsError> {
    if alpha > 0.0 && alpha < 1.0 {
        Ok(alpha)
    } else {
        Err(out_of_domain("alpha", alpha, "strictly between 0 and 1"))
    }
}

/// Says that an argument lies outside of its domain.
pub(super) fn out_of_domain(
    argument: &'static str,
    value: f64,
    expected: &'static str,
) -> StatsError {
    StatsError::OutOfDomain { argument, value, expected }
}

/// Checks that an observation is finite; `index` is its place in the stream, from 0.
pub(super) fn check_finite(x: f64, index: u64) -> Result<(), StatsError> {
    if x.is_finite() {
        Ok(())
    } else {
        Err(StatsError::NotFinite {
            argument: "x",
            index: usize::try_from(index).unwrap_or(usize::MAX),
        })
    }
}

/// Checks an argument that must be positive and finite.
pub(super) fn check_positive(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(out_of_domain(argument, value, "positive and finite"))
    }
}
