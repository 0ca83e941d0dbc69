//! Roots of monotone functions, and the arguments that all plans share.

use crate::StatsError;

/// How close two steps must come, relative to where they are.
const TOLERANCE: f64 = 1e-13;

/// Returns where a function changes its sign between two points, of which it is negative at `low`.
///
/// Dowell and Jarratt (1971), "A modified regula falsi method for computing the root of an equation", BIT 11 (the Illinois method),
/// with a bisection after every few steps that hardly narrowed the bracket.
pub(super) fn root(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (function(low), function(high));
    let (mut last, mut slow, mut was_negative) = (low, 0, None);
    for _ in 0..200 {
        let width = high - low;
        let secant = high - at_high * width / (at_high - at_low);
        let narrows = slow < 3 && secant > low && secant < high;
        let point = if narrows { secant } else { f64::midpoint(low, high) };
        let value = function(point);
        if value == 0.0 || (point - last).abs().min(width) <= TOLERANCE * point.abs() {
            return point;
        }
        last = point;
        let negative = value < 0.0;
        if negative {
            (low, at_low) = (point, value);
        } else {
            (high, at_high) = (point, value);
        }
        // An end that stays twice would pull the secants to the other end.
        if was_negative == Some(negative) {
            if negative { at_high /= 2.0 } else { at_low /= 2.0 }
        }
        was_negative = Some(negative);
        slow = if narrows && high - low > width / 2.0 { slow + 1 } else { 0 };
    }
    f64::midpoint(low, high)
}

/// Checks that a probability is strictly between 0 and 1.
pub(super) fn check_probability(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(StatsError::OutOfDomain { argument, value, expected: "strictly between 0 and 1" })
    }
}

/// Checks that an argument is finite and above 0.
pub(super) fn check_positive(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(StatsError::OutOfDomain { argument, value, expected: "positive and finite" })
    }
}

/// Checks that an argument is finite and not negative.
pub(super) fn check_not_negative(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value >= 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(StatsError::OutOfDomain { argument, value, expected: "finite and not negative" })
    }
}
