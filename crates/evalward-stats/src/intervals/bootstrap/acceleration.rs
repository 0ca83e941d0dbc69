//! The bias correction and the acceleration of the `BCa` interval.

use super::statistic::{Statistic, mean};
use crate::OpenInterval;
use crate::convert::length_to_f64;
use crate::description::quantile_of;
use crate::special::{normal_quantile, normal_tails};

/// Samples up to this size have each observation left out in turn by hand.
const BY_HAND: usize = 64;

/// The influence of each observation of one sample.
pub(super) struct Influence(Vec<f64>);

impl Influence {
    /// Returns how far each observation moves a statistic, by leaving it out; `None` where nothing would be left.
    pub(super) fn of(statistic: Statistic, sample: &[f64]) -> Option<Self> {
        let n = length_to_f64(sample.len());
        if sample.len() < 2 {
            return None;
        }
        if statistic == Statistic::Mean {
            let centre = mean(sample);
            return Some(Self(sample.iter().map(|value| value - centre).collect()));
        }
        let without = match statistic {
            Statistic::Variance if sample.len() > BY_HAND => variances_without(sample),
            Statistic::Median | Statistic::Quantile(_) if sample.len() > BY_HAND => {
                quantiles_without(statistic, sample)
            }
            _ => by_hand(statistic, sample),
        };
        let centre = mean(&without);
        Some(Self(without.into_iter().map(|value| (n - 1.0) * (centre - value)).collect()))
    }

    /// Returns the influences of clusters on the mean of all their observations.
    pub(super) fn of_clusters(sums: &[(f64, f64)]) -> Self {
        let g = length_to_f64(sums.len());
        let (sum, size) = sums.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        let without: Vec<f64> = sums.iter().map(|one| (sum - one.0) / (size - one.1)).collect();
        let centre = mean(&without);
        Self(without.into_iter().map(|value| (g - 1.0) * (centre - value)).collect())
    }

    pub(super) fn negated(self) -> Self {
        Self(self.0.into_iter().map(|value| -value).collect())
    }
}

/// Returns the acceleration: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", equation (15.36).
pub(super) fn acceleration(samples: &[Influence]) -> Option<f64> {
    let power = |Influence(values): &Influence, exponent: i32| {
        let n = length_to_f64(values.len());
        values.iter().map(|value| value.powi(exponent)).sum::<f64>() / n.powi(exponent)
    };
    let cubes: f64 = samples.iter().map(|sample| power(sample, 3)).sum();
    let squares: f64 = samples.iter().map(|sample| power(sample, 2)).sum();
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    acceleration.is_finite().then_some(acceleration)
}

/// Returns the `BCa` interval: Efron (1987), "Better bootstrap confidence intervals", Journal of the American Statistical
/// Association 82, equations (2.2) and (2.3). Its ends are unknown where all resamples lie on one side of the estimate.
pub(super) fn bca(
    sorted: &[f64],
    theta: f64,
    acceleration: Option<f64>,
    tail: f64,
) -> OpenInterval {
    let unknown = OpenInterval { low: None, high: None };
    let below = sorted.partition_point(|value| *value < theta);
    let up_to = sorted.partition_point(|value| *value <= theta);
    let share = (length_to_f64(below) + length_to_f64(up_to)) / (2.0 * length_to_f64(sorted.len()));
    let (Some(a), true) = (acceleration, share > 0.0 && share < 1.0) else { return unknown };
    let bias = normal_quantile(share);
    let end = |z: f64| {
        let shifted = bias + z;
        let probability = normal_tails(bias + shifted / (1.0 - a * shifted)).lower;
        (!probability.is_nan()).then(|| quantile_of(sorted, probability.clamp(0.0, 1.0)))
    };
    let z = normal_quantile(tail);
    OpenInterval { low: end(z), high: end(-z) }
}

fn by_hand(statistic: Statistic, sample: &[f64]) -> Vec<f64> {
    let mut rest = Vec::with_capacity(sample.len());
    (0..sample.len())
        .map(|index| {
            rest.clear();
            rest.extend_from_slice(&sample[..index]);
            rest.extend_from_slice(&sample[index + 1..]);
            statistic.of(&mut rest)
        })
        .collect()
}

/// Returns the variance without each observation, from the deviations of all.
fn variances_without(sample: &[f64]) -> Vec<f64> {
    let n = length_to_f64(sample.len());
    let centre = mean(sample);
    let squares: Vec<f64> = sample.iter().map(|value| (value - centre).powi(2)).collect();
    let all = super::statistic::sum(&squares);
    squares.iter().map(|square| (all - n / (n - 1.0) * square) / (n - 2.0)).collect()
}

/// Returns the quantile without each observation, which takes few different values.
fn quantiles_without(statistic: Statistic, sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let p = if let Statistic::Quantile(p) = statistic { p } else { 0.5 };
    let last = sorted.len() - 2;
    let position = length_to_f64(last) * p;
    let index = crate::convert::floor_to_index(position).min(last);
    let without = |left_out: usize| {
        let at = |rank: usize| sorted[if rank < left_out { rank } else { rank + 1 }];
        let pair = [at(index), at((index + 1).min(last))];
        if statistic == Statistic::Median && last.is_multiple_of(2) {
            // An odd number is left: its middle is an observation.
            pair[0]
        } else {
            quantile_of(&pair, position - length_to_f64(index))
        }
    };
    (0..sorted.len()).map(without).collect()
}
