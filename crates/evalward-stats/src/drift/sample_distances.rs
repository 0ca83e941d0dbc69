//! Distances between two samples by their distribution functions, in O(n log n).

use serde::Serialize;

use crate::StatsError;
use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample, power_of_two, safe_scale};
use crate::sorting::{ascending, order};

/// Distances between the distributions of two samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SampleDistances {
    /// The Wasserstein distance: the area between the distribution functions, in the unit of the observations.
    pub wasserstein1: f64,
    /// The square root of `energy_sq`.
    pub energy_distance: f64,
    /// Twice the integral of the squared difference of the distribution functions, which is
    /// `2 E|X - Y| - E|X - X'| - E|Y - Y'|`.
    pub energy_sq: f64,
}

/// Returns the Wasserstein and the energy distance of two samples.
///
/// Ramdas, García Trillos and Cuturi (2017), "On Wasserstein two-sample testing and related families of nonparametric tests",
/// proposition 1; Székely and Rizzo (2013), "Energy statistics", equation (6).
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation and
/// [`StatsError::OutOfDomain`] for samples that lie further apart than a number can say.
pub fn sample_distances(a: &[f64], b: &[f64]) -> Result<SampleDistances, StatsError> {
    check_sample("sample distances", "a", a, 1)?;
    check_sample("sample distances", "b", b, 1)?;
    let scale = halving_scale(a, b);
    let sorted = |sample: &[f64]| ascending(sample.iter().map(|value| value / scale));
    let (left, right) = (sorted(a), sorted(b));
    let (steps_left, steps_right) = (1.0 / length_to_f64(a.len()), 1.0 / length_to_f64(b.len()));
    let (mut at_left, mut at_right) = (0, 0);
    let mut area = Sweep::default();
    while let (Some(x), Some(y)) = (left.get(at_left), right.get(at_right)) {
        // One observation at a time, also of equal ones: between those there is no width. Nothing here is a jump to predict.
        area.reach(x.min(*y));
        let is_left = x <= y;
        at_left += usize::from(is_left);
        at_right += usize::from(!is_left);
        // From the counts, so that no rounding adds up.
        area.height = length_to_f64(at_left) * steps_left - length_to_f64(at_right) * steps_right;
    }
    for (rest, of_rest) in [(&left[at_left..], steps_left), (&right[at_right..], steps_right)] {
        let mut missing = length_to_f64(rest.len());
        for x in rest {
            area.reach(*x);
            missing -= 1.0;
            area.height = missing * of_rest;
        }
    }
    area.distances(scale)
}

/// Returns the Wasserstein and the energy distance of two weighted samples.
///
/// The references are with [`sample_distances`]; a weight says how much of its distribution an observation stands for.
///
/// # Errors
/// As for [`sample_distances`], and [`StatsError::Unequal`] unless each observation has a weight and [`StatsError::OutOfDomain`]
/// for a negative weight or weights that sum to 0.
pub fn weighted_sample_distances(
    (a, weights_a): (&[f64], &[f64]),
    (b, weights_b): (&[f64], &[f64]),
) -> Result<SampleDistances, StatsError> {
    let scale = halving_scale(a, b);
    let mut steps = weighted_steps(("a", a), ("weights of a", weights_a), scale, 1.0)?;
    steps.extend(weighted_steps(("b", b), ("weights of b", weights_b), scale, -1.0)?);
    let positions: Vec<f64> = steps.iter().map(|(x, _)| *x).collect();
    let mut area = Sweep::default();
    for (x, step) in order(&positions).into_iter().map(|place| steps[place]) {
        area.reach(x);
        area.height += step;
    }
    area.distances(scale)
}

/// Returns a power of two that keeps differences of the observations in range.
fn halving_scale(a: &[f64], b: &[f64]) -> f64 {
    let largest = a.iter().chain(b).fold(0.0, |most, value| f64::max(most, value.abs()));
    if largest < 1e300 { 1.0 } else { power_of_two(largest) }
}

fn weighted_steps(
    (argument, sample): (&'static str, &[f64]),
    (weights_argument, weights): (&'static str, &[f64]),
    scale: f64,
    sign: f64,
) -> Result<Vec<(f64, f64)>, StatsError> {
    check_lengths((argument, sample.len()), (weights_argument, weights.len()))?;
    check_sample("sample distances", argument, sample, 1)?;
    check_sample("sample distances", weights_argument, weights, 1)?;
    let weight_scale = safe_scale(weights.iter());
    let total: f64 = weights.iter().map(|weight| weight / weight_scale).sum();
    let negative = weights.iter().copied().find(|weight| *weight < 0.0);
    if let Some(value) = negative.or((total <= 0.0).then_some(0.0)) {
        let expected = "not negative, and positive for some observation";
        return Err(StatsError::OutOfDomain { argument: weights_argument, value, expected });
    }
    let shares = weights.iter().map(|weight| sign * (weight / weight_scale / total));
    Ok(sample.iter().map(|value| value / scale).zip(shares).collect())
}

/// The area between two distribution functions, as far as it was swept.
#[derive(Default)]
struct Sweep {
    /// Where the sweep stands; anywhere before its start, while the height is 0.
    at: f64,
    /// The difference of the distribution functions there.
    height: f64,
    area: f64,
    squares: f64,
}

impl Sweep {
    fn reach(&mut self, x: f64) {
        let width = x - self.at;
        self.area += self.height.abs() * width;
        self.squares += self.height * self.height * width;
        self.at = x;
    }

    fn distances(&self, scale: f64) -> Result<SampleDistances, StatsError> {
        let (wasserstein1, energy_sq) = (self.area * scale, 2.0 * self.squares * scale);
        if !(wasserstein1.is_finite() && energy_sq.is_finite()) {
            return Err(StatsError::OutOfDomain {
                argument: "distance of the samples",
                value: wasserstein1.max(energy_sq),
                expected: "less than the largest number",
            });
        }
        Ok(SampleDistances { wasserstein1, energy_distance: energy_sq.sqrt(), energy_sq })
    }
}
