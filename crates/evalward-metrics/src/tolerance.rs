//! How far two numbers may lie apart and still agree.

use evalward_core::Finite;
use serde_json::Number;

use crate::{MetricError, Place};

/// The distance within which two numbers agree: the larger of an absolute one and a share of the right number.
///
/// A distance that is met up to rounding is met: 0.29 lies within 0.01 of 0.3, although their difference as floats is a hair
/// more.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tolerance {
    absolute: f64,
    relative: f64,
}

impl Tolerance {
    /// Makes a tolerance; both parts are refused below 0, where not even equal numbers would agree.
    pub(crate) fn new(absolute: Finite, relative: Finite) -> Result<Self, MetricError> {
        for (rule, value) in [("tolerance", absolute), ("relative_tolerance", relative)] {
            if value < Finite::ZERO {
                let place = Place::of_rule(rule);
                return Err(MetricError::CannotHold { place, why: "no distance is below 0" });
            }
        }
        Ok(Self { absolute: absolute.get(), relative: relative.get() })
    }

    /// Returns whether only equal numbers agree.
    pub(crate) fn is_exact(self) -> bool {
        self.absolute <= 0.0 && self.relative <= 0.0
    }

    /// Returns the distance that is allowed from this right number.
    pub(crate) fn around(self, expected: f64) -> f64 {
        self.absolute.max(self.relative * expected.abs())
    }

    /// Returns whether a number is near enough to the right one.
    pub(crate) fn admits(self, expected: f64, got: f64) -> bool {
        if self.is_exact() {
            return (expected - got).abs() <= 0.0;
        }
        let rounding = 4.0 * f64::EPSILON * expected.abs().max(got.abs());
        (expected - got).abs() <= self.around(expected) + rounding
    }

    /// Returns whether a number of JSON is near enough to the right one; whole numbers are compared to the last digit.
    pub(crate) fn admits_json(self, expected: &Number, got: &Number) -> bool {
        if self.is_exact()
            && let (Some(expected), Some(got)) = (expected.as_i128(), got.as_i128())
        {
            return expected == got;
        }
        match (expected.as_f64(), got.as_f64()) {
            (Some(expected), Some(got)) => self.admits(expected, got),
            _ => expected == got,
        }
    }
}
