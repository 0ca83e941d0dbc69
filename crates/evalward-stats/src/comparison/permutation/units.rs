//! Scores as whole numbers, so that sums that are tied are equal.

use crate::convert::{length_to_f64, round_to_integer};

/// The largest power of ten that a float represents exactly.
const MAX_DIGITS: i32 = 22;

/// Sums of all values stay below this, far from overflow even when they are multiplied by the number of values.
const MAX_SUM: f64 = 1.0e18;

/// The unit of values that are no short decimals is this share of the largest.
const GRID: f64 = 1_125_899_906_842_624.0;

/// Values in whole units.
#[derive(Clone, Debug)]
pub(super) struct Units {
    pub(super) values: Vec<i64>,
    /// Sums that differ by at most this many units are tied; 0 for exact units.
    pub(super) tolerance: i64,
}

impl Units {
    /// Returns the values in whole units of the last decimal place, so that 0.1 + 0.2 and 0.3 are tied; values without a last
    /// decimal place, such as 1/3, are rounded to 50 bits and tied up to rounding.
    ///
    /// `None` where sums may overflow.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let terms = length_to_f64(values.len()).powi(2);
        let exact = (0..=MAX_DIGITS).find_map(|digits| {
            let factor = 10.0_f64.powi(digits);
            if largest * factor * terms > MAX_SUM || largest * factor > 1e15 {
                return None;
            }
            let is_whole =
                |value: &f64| ((value * factor).round() / factor).to_bits() == value.to_bits();
            values.iter().all(is_whole).then(|| {
                values.iter().map(|value| round_to_integer(value * factor)).collect::<Vec<i64>>()
            })
        });
        if let Some(values) = exact {
            return Some(Self { values: reduced(values), tolerance: 0 });
        }
        if GRID * terms > 1000.0 * MAX_SUM {
            return None;
        }
        let whole: Vec<i64> =
            values.iter().map(|value| round_to_integer(value / largest * GRID)).collect();
        let tolerance = i64::try_from(2 * values.len()).ok()?;
        Some(Self { values: whole, tolerance })
    }
}

/// Divides whole numbers by what divides all of them.
pub(super) fn reduced(mut values: Vec<i64>) -> Vec<i64> {
    let divisor =
        values.iter().fold(0, |divisor, value| greatest_divisor(divisor, value.unsigned_abs()));
    let Ok(divisor) = i64::try_from(divisor) else { return values };
    if divisor > 1 {
        for value in &mut values {
            *value /= divisor;
        }
    }
    values
}

fn greatest_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
