//! What is computed of each resample.

use crate::StatsError;
use crate::convert::{floor_to_index, length_to_f64};

/// The length up to which [`sum`] adds in one go.
const BLOCK: usize = 128;

/// What a bootstrap is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The arithmetic mean.
    Mean,
    /// The median.
    Median,
    /// The quantile at a probability, by linear interpolation.
    Quantile(f64),
    /// The variance with divisor `n - 1`.
    Variance,
}

impl Statistic {
    /// Checks the parameter of the statistic.
    pub(super) fn check(self) -> Result<(), StatsError> {
        match self {
            Self::Quantile(p) if !(0.0..=1.0).contains(&p) => {
                let expected = "in [0, 1]";
                Err(StatsError::OutOfDomain { argument: "statistic", value: p, expected })
            }
            _ => Ok(()),
        }
    }

    /// Returns the statistic of values that are not empty; their order is lost.
    pub(super) fn of(self, values: &mut [f64]) -> f64 {
        match self {
            Self::Mean => mean(values),
            Self::Median => {
                let middle = values.len() / 2;
                if !values.len().is_multiple_of(2) {
                    return *values.select_nth_unstable_by(middle, f64::total_cmp).1;
                }
                let (below, above, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
                let below = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                f64::midpoint(below, *above)
            }
            Self::Quantile(p) => {
                let last = values.len() - 1;
                let position = length_to_f64(last) * p;
                let index = floor_to_index(position).min(last);
                let (_, low, above) = values.select_nth_unstable_by(index, f64::total_cmp);
                let high = above.iter().copied().fold(f64::INFINITY, f64::min);
                let high = if high.is_finite() { high } else { *low };
                interpolate(*low, high, position - length_to_f64(index))
            }
            Self::Variance => {
                let mean = mean(values);
                for value in &mut *values {
                    *value = (*value - mean) * (*value - mean);
                }
                sum(values) / (length_to_f64(values.len()) - 1.0)
            }
        }
    }
}

fn interpolate(low: f64, high: f64, fraction: f64) -> f64 {
    let gap = high - low;
    if fraction < 0.5 { low + gap * fraction } else { high - gap * (1.0 - fraction) }
}

/// Returns the mean of values that are not empty.
pub(super) fn mean(values: &[f64]) -> f64 {
    sum(values) / length_to_f64(values.len())
}

/// Returns a sum, added pairwise in the order of numpy, so that resamples tie with the sample where they do in scipy.
///
/// Higham (1993), "The accuracy of floating point summation", SIAM Journal on Scientific Computing 14(4).
pub(super) fn sum(values: &[f64]) -> f64 {
    if values.len() > BLOCK {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % 8);
        return sum(left) + sum(right);
    }
    let blocks = values.chunks_exact(8);
    let rest = blocks.remainder();
    let mut lanes = [0.0; 8];
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value;
        }
    }
    let [first, second] =
        [0, 4].map(|at| (lanes[at] + lanes[at + 1]) + (lanes[at + 2] + lanes[at + 3]));
    let total = first + second;
    rest.iter().fold(total, |total, value| total + value)
}
