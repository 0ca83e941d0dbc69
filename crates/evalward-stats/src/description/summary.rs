//! A sample in a few numbers.

use serde::Serialize;

use super::describe::quantile_of;
use super::double::Double;
use crate::StatsError;
use crate::convert::length_to_f64;
use crate::sample::{check_sample, finite, power_of_two};
use crate::sorting::ascending;

/// Up to this size all sums are of twice the precision; above it only those whose terms nearly cancel.
const ALWAYS_DOUBLE: usize = 4096;

/// The share of its absolute terms below which a sum of third or fourth powers is computed with twice the precision.
const CANCELS: f64 = 1e-3;

/// A sample in a few numbers; `None` where one is undefined or outside the range of f64.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// The number of observations.
    pub n: usize,
    /// The mean.
    pub mean: f64,
    /// The variance with divisor `n - 1`.
    pub var: Option<f64>,
    /// Its square root.
    pub sd: Option<f64>,
    /// The standard error of the mean.
    pub sem: Option<f64>,
    /// The smallest observation.
    pub min: f64,
    /// The largest observation.
    pub max: f64,
    /// The quantiles that were asked for, by linear interpolation.
    pub q: Vec<f64>,
    /// The third central moment in units of the standard deviation, both with divisor `n`.
    pub skewness: Option<f64>,
    /// The fourth central moment in units of the squared variance, both with divisor `n`, less 3.
    pub excess_kurtosis: Option<f64>,
}

/// Describes a sample by its moments and the quantiles at `probs`.
///
/// Moments are those of Joanes and Gill (1998), "Comparing measures of sample skewness and kurtosis", The Statistician 47(1),
/// `g1` and `g2`, summed around the mean with up to twice the precision of f64; quantiles are those of [`super::quantile`].
///
/// # Errors
/// [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation, and
/// [`StatsError::OutOfDomain`] for a probability outside `[0, 1]`.
pub fn describe(sample: &[f64], probs: &[f64]) -> Result<Description, StatsError> {
    check_sample("description", "x", sample, 1)?;
    if let Some(value) = probs.iter().copied().find(|prob| !(0.0..=1.0).contains(prob)) {
        return Err(StatsError::OutOfDomain { argument: "probs", value, expected: "in [0, 1]" });
    }
    let sorted = ascending(sample.iter().copied());
    let (min, max) = (sorted[0], sorted[sorted.len() - 1]);
    let moments = Moments::of(sample, f64::max(min.abs(), max.abs()));
    let is_varied = min < max;
    let n = length_to_f64(sample.len());
    let squares = if is_varied { moments.second / (n - 1.0) } else { 0.0 };
    let has_pair = sample.len() > 1;
    let spread = |value: f64| if has_pair { finite(value) } else { None };
    let sd = squares.sqrt() * moments.scale;
    let shape = |value: f64| if is_varied { finite(value) } else { None };
    let variance = moments.second / n;
    Ok(Description {
        n: sample.len(),
        mean: if is_varied { moments.mean } else { min },
        var: spread(squares * moments.scale * moments.scale),
        sd: spread(sd),
        sem: spread((squares / n).sqrt() * moments.scale),
        min,
        max,
        q: probs.iter().map(|prob| quantile_of(&sorted, *prob)).collect(),
        skewness: shape(moments.third / n / (variance * variance.sqrt())),
        excess_kurtosis: shape(moments.fourth_less_normal / n / (variance * variance)),
    })
}

/// The sums of powers of the deviations from the mean, of a sample divided by `scale`.
struct Moments {
    scale: f64,
    mean: f64,
    second: f64,
    third: f64,
    /// The sum of fourth powers less three times the sum that a normal sample of this variance would have.
    fourth_less_normal: f64,
}

impl Moments {
    fn of(sample: &[f64], largest: f64) -> Self {
        let scale = power_of_two(largest);
        let n = length_to_f64(sample.len());
        let sum =
            sample.iter().fold(Double::default(), |sum, value| sum.plus(Double::of(value / scale)));
        let centre = sum.divided(n);
        let fast =
            if sample.len() > ALWAYS_DOUBLE { Self::fast(sample, scale, centre) } else { None };
        fast.unwrap_or_else(|| Self::double(sample, scale, centre))
    }

    /// Sums in f64; nothing where the terms cancel too much for that.
    fn fast(sample: &[f64], scale: f64, centre: Double) -> Option<Self> {
        let n = length_to_f64(sample.len());
        let (mut second, mut third, mut cubes, mut fourth) = (0.0, 0.0, 0.0, 0.0);
        let (high, low) = centre.parts();
        // Partial sums, so that rounding grows with the root of the sample only in short runs.
        for part in sample.chunks(256) {
            let (mut squares, mut signed, mut absolute, mut fourths) = (0.0, 0.0, 0.0, 0.0);
            for value in part {
                let deviation = (value / scale - high) - low;
                let square = deviation * deviation;
                squares += square;
                signed += square * deviation;
                absolute += square * deviation.abs();
                fourths += square * square;
            }
            second += squares;
            third += signed;
            cubes += absolute;
            fourth += fourths;
        }
        let fourth_less_normal = fourth - 3.0 * (second * second / n);
        if f64::abs(third) < CANCELS * cubes || f64::abs(fourth_less_normal) < CANCELS * fourth {
            return None;
        }
        Some(Self { scale, mean: centre.value() * scale, second, third, fourth_less_normal })
    }

    fn double(sample: &[f64], scale: f64, centre: Double) -> Self {
        let n = length_to_f64(sample.len());
        let mut sums = [Double::default(); 3];
        for value in sample {
            let deviation = Double::of(value / scale).minus(centre);
            let square = deviation.times(deviation);
            sums[0] = sums[0].plus(square);
            sums[1] = sums[1].plus(square.times(deviation));
            sums[2] = sums[2].plus(square.times(square));
        }
        let [second, third, fourth] = sums;
        let normal = second.times(second).divided(n).times(Double::of(3.0));
        Self {
            scale,
            mean: centre.value() * scale,
            second: second.value(),
            third: third.value(),
            fourth_less_normal: fourth.minus(normal).value(),
        }
    }
}
