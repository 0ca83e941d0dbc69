//! Intervals for the mean of a bounded variable that hold for every sample size.

use crate::root::boundary;
use crate::{Interval, Level, StatsError};

/// The shares of its capital that a bettor puts at risk; the capitals are averaged.
const FRACTIONS: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// Returns an interval for the mean of independent observations between `low` and `high`, valid at every sample size.
///
/// A bettor against "the mean is `m`" multiplies its capital by `1 + c (m - x) / (1 - m)` with each observation `x` (scaled to
/// `[0, 1]`). Under the hypothesis the average of such capitals over several `c` has the mean 1, so it reaches `1 / tail` with
/// a probability of at most `tail` (Ville's inequality); the interval holds the means against which it does not. Waudby-Smith
/// and Ramdas (2024), "Estimating means of bounded random variables by betting", JRSS B 86(1), section 4, with constant
/// fractions. Each capital is monotone in `m`, so the ends are exact roots and do not depend on a grid.
///
/// # Errors
/// Returns [`StatsError::TooFew`] where there is no observation, [`StatsError::NotFinite`] for NaN and infinities, and
/// [`StatsError::OutOfDomain`] where the range is none or an observation lies outside.
pub fn betting_interval(
    values: &[f64],
    low: f64,
    high: f64,
    level: Level,
) -> Result<Interval, StatsError> {
    check(values, low, high)?;
    let width = high - low;
    let needed = -level.tail().ln();
    let losses = grouped(values.iter().map(|value| (value - low) / width));
    let gains = grouped(values.iter().map(|value| (high - value) / width));
    let (above, below) = (upper(&losses, needed), upper(&gains, needed));
    Ok(Interval { low: high - width * below, high: low + width * above })
}

/// Returns the p-value of "the mean is at least `mean`" that belongs to [`betting_interval`]: the inverse of the capital.
///
/// # Errors
/// As [`betting_interval`].
pub(crate) fn betting_p_below(
    values: &[f64],
    low: f64,
    high: f64,
    mean: f64,
) -> Result<f64, StatsError> {
    check(values, low, high)?;
    let width = high - low;
    let groups = grouped(values.iter().map(|value| (value - low) / width));
    Ok(p_below(&groups, (mean - low) / width))
}

/// Returns [`betting_p_below`] for `n` observations of one value.
pub(crate) fn betting_p_constant(value: f64, n: f64, (low, high): (f64, f64), mean: f64) -> f64 {
    let width = high - low;
    p_below(&[((value - low) / width, n)], (mean - low) / width)
}

fn p_below(groups: &[(f64, f64)], mean: f64) -> f64 {
    if mean >= 1.0 {
        // Only a sample of nothing else than the end of the range has this mean.
        return if groups.iter().all(|(value, _)| *value >= 1.0) { 1.0 } else { 0.0 };
    }
    (-log_capital(groups, mean)).exp().min(1.0)
}

/// Refuses what is no sample between `low` and `high`.
fn check(values: &[f64], low: f64, high: f64) -> Result<(), StatsError> {
    let width = high - low;
    if !(width > 0.0 && width.is_finite()) {
        return Err(StatsError::OutOfDomain {
            argument: "high",
            value: high,
            expected: "above `low`, at a finite distance",
        });
    }
    if values.is_empty() {
        return Err(StatsError::TooFew { statistic: "bounded mean", needed: 1, got: 0 });
    }
    if let Some(index) = values.iter().position(|value| !value.is_finite()) {
        return Err(StatsError::NotFinite { argument: "values", index });
    }
    if let Some(&value) = values.iter().find(|value| !(low..=high).contains(*value)) {
        return Err(StatsError::OutOfDomain {
            argument: "values",
            value,
            expected: "between `low` and `high`",
        });
    }
    Ok(())
}

/// Returns the different values, each with the number of times it occurs.
fn grouped(values: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    // Rounding must not lead out of the range, where a stake could be lost twice.
    let mut sorted: Vec<f64> = values.map(|value| value.clamp(0.0, 1.0)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut groups: Vec<(f64, f64)> = Vec::new();
    for value in sorted {
        match groups.last_mut() {
            Some((last, count)) if *last >= value => *count += 1.0,
            _ => groups.push((value, 1.0)),
        }
    }
    groups
}

/// Returns the smallest mean against which the capital reaches `exp(needed)`, and 1 where none does.
fn upper(groups: &[(f64, f64)], needed: f64) -> f64 {
    let n: f64 = groups.iter().map(|(_, count)| count).sum();
    let mean = groups.iter().map(|(value, count)| value * count).sum::<f64>() / n;
    boundary(mean.min(1.0), 1.0, |candidate| log_capital(groups, candidate) < needed)
}

/// Returns the logarithm of the average capital of the bettors against the mean `mean`.
fn log_capital(groups: &[(f64, f64)], mean: f64) -> f64 {
    let capitals = FRACTIONS.map(|fraction| {
        let stake = fraction / (1.0 - mean);
        groups.iter().map(|(value, count)| count * (stake * (mean - value)).ln_1p()).sum::<f64>()
    });
    let largest = capitals.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = capitals.iter().map(|capital| (capital - largest).exp()).sum();
    // The number of fractions is small and known.
    largest + (sum / 5.0).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_interval(values: &[f64], range: [f64; 2], expected: [f64; 2]) {
        let interval = betting_interval(values, range[0], range[1], Level::P90).unwrap();
        for (got, expected) in [interval.low, interval.high].into_iter().zip(expected) {
            assert!((got - expected).abs() < 2e-3 * (range[1] - range[0]), "{interval:?}");
        }
    }

    #[test]
    fn a_constant_drop_is_told_from_none_only_with_enough_pairs() {
        // Numerically, on a grid of 1/1000 of the range.
        check_interval(&[-1.0; 40], [-4.0, 4.0], [-1.316, -0.4736]);
        check_interval(&[0.0; 3], [-4.0, 4.0], [-2.9712, 2.9712]);
        check_interval(&[0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0], [0.0, 1.0], [0.2814, 0.9848]);
    }

    #[test]
    fn the_ends_of_the_range_bound_the_interval() {
        let interval = betting_interval(&[1.0; 5], 0.0, 1.0, Level::P90).unwrap();
        assert!((interval.high - 1.0).abs() < 1e-15 && interval.low > 0.0);
        let wide = betting_interval(&[0.3], 0.0, 1.0, Level::P90).unwrap();
        assert!(wide.low >= 0.0 && wide.high <= 1.0 && wide.contains(0.3));
    }

    #[test]
    fn what_is_no_sample_in_the_range_is_refused() {
        let refused = |values: &[f64], low, high| betting_interval(values, low, high, Level::P90);
        assert!(matches!(refused(&[], 0.0, 1.0), Err(StatsError::TooFew { .. })));
        assert!(matches!(refused(&[f64::NAN], 0.0, 1.0), Err(StatsError::NotFinite { .. })));
        assert!(matches!(refused(&[2.0], 0.0, 1.0), Err(StatsError::OutOfDomain { .. })));
        assert!(matches!(refused(&[0.0], 1.0, 1.0), Err(StatsError::OutOfDomain { .. })));
        assert!(matches!(refused(&[0.0], 0.0, f64::INFINITY), Err(StatsError::OutOfDomain { .. })));
    }
}
