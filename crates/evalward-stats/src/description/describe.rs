//! Description of a sample: its mean and its quantiles.

use crate::StatsError;
use crate::convert::{floor_to_index, length_to_f64};
use crate::sample::{check_sample, mean_of};

/// Returns the arithmetic mean of a sample.
///
/// The sum is compensated as in Neumaier (1974), "Rundungsfehleranalyse einiger
/// Verfahren zur Summation endlicher Summen", ZAMM 54, algorithm IV, so that
/// large offsets and mixed magnitudes cost no digits.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample and
/// [`StatsError::NotFinite`] for a NaN or infinite observation.
pub fn mean(sample: &[f64]) -> Result<f64, StatsError> {
    check_sample("mean", "sample", sample, 1)?;
    Ok(mean_of(sample))
}

/// Returns the quantile at probability `q` of a sample in ascending order.
///
/// This is definition 7 of Hyndman and Fan (1996), "Sample quantiles in
/// statistical packages", The American Statistician 50(4), section 2: linear
/// interpolation between the order statistics around position `(n - 1) q`. It
/// is what numpy calls `linear`.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`]
/// for a NaN or infinite observation, and [`StatsError::OutOfDomain`] for a
/// sample that is not sorted or a `q` outside `[0, 1]`.
pub fn quantile(sorted: &[f64], q: f64) -> Result<f64, StatsError> {
    check_sample("quantile", "sample", sorted, 1)?;
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] > pair[1]) {
        return Err(StatsError::OutOfDomain {
            argument: "sorted",
            value: pair[1],
            expected: "in ascending order",
        });
    }
    if !(0.0..=1.0).contains(&q) {
        return Err(StatsError::OutOfDomain { argument: "q", value: q, expected: "in [0, 1]" });
    }
    Ok(quantile_of(sorted, q))
}

/// Returns the quantile of a sample that was checked, is not empty and is in ascending order.
pub(crate) fn quantile_of(sorted: &[f64], q: f64) -> f64 {
    let last = sorted.len() - 1;
    let position = length_to_f64(last) * q;
    let below = floor_to_index(position).min(last);
    let above = (below + 1).min(last);
    interpolate(sorted[below], sorted[above], position - length_to_f64(below))
}

/// Returns the point at `fraction` of the way from `low` to `high`, rounding
/// towards the nearer end so that the result is monotone and never leaves them.
fn interpolate(low: f64, high: f64, fraction: f64) -> f64 {
    let gap = high - low;
    if !gap.is_finite() {
        return low * (1.0 - fraction) + high * fraction;
    }
    let point = if fraction < 0.5 { low + gap * fraction } else { high - gap * (1.0 - fraction) };
    point.clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extremes_of_the_range_do_not_overflow() {
        assert_eq!(mean(&[f64::MAX, f64::MAX]), Ok(f64::MAX));
        assert_eq!(quantile(&[f64::MIN, f64::MAX], 0.5), Ok(0.0));
    }

    #[test]
    fn unusable_arguments_are_typed_errors() {
        assert!(matches!(mean(&[]), Err(StatsError::TooFew { .. })));
        assert!(matches!(
            mean(&[1.0, f64::NAN]),
            Err(StatsError::NotFinite { argument: "sample", index: 1 })
        ));
        assert!(matches!(quantile(&[], 0.5), Err(StatsError::TooFew { .. })));
        assert!(matches!(quantile(&[f64::INFINITY], 0.5), Err(StatsError::NotFinite { .. })));
        assert!(matches!(quantile(&[2.0, 1.0], 0.5), Err(StatsError::OutOfDomain { .. })));
        for q in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(quantile(&[1.0], q), Err(StatsError::OutOfDomain { .. })), "q = {q}");
        }
    }

    proptest! {
        #[test]
        fn quantiles_are_monotone_and_stay_in_the_sample(
            mut sample in prop::collection::vec(-1e300..1e300, 1..50),
            (p, q) in (0.0..=1.0, 0.0..=1.0),
        ) {
            sample.sort_by(f64::total_cmp);
            let at_p = quantile(&sample, f64::min(p, q)).unwrap();
            let at_q = quantile(&sample, f64::max(p, q)).unwrap();
            prop_assert!(at_p <= at_q);
            prop_assert!(sample[0] <= at_p && at_q <= sample[sample.len() - 1]);
            prop_assert_eq!(quantile(&sample, 0.0), Ok(sample[0]));
            prop_assert_eq!(quantile(&sample, 1.0), Ok(sample[sample.len() - 1]));
        }

        #[test]
        fn the_mean_stays_in_the_sample_and_follows_a_shift(
            sample in prop::collection::vec(-1e3..1e3, 1..50),
            shift in -1e3..1e3,
        ) {
            let at_rest = mean(&sample).unwrap();
            let moved: Vec<f64> = sample.iter().map(|value| value + shift).collect();
            let drift: f64 = mean(&moved).unwrap() - at_rest - shift;
            prop_assert!(drift.abs() < 1e-9);
            let low = sample.iter().copied().fold(f64::INFINITY, f64::min);
            let high = sample.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(low - 1e-9 <= at_rest && at_rest <= high + 1e-9);
        }
    }
}
