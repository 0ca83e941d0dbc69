//! Means and variances that survive any size, scale and offset.

use crate::StatsError;
use crate::convert::length_to_f64;

/// Values that are added in one go; the totals of blocks are added with compensation.
const BLOCK: usize = 4096;

/// Values that are added side by side.
const LANES: usize = 8;

/// Squares and their sums stay inside the range of `f64` for values between `2^-400` and `2^400`.
const SAFE_EXPONENT: i32 = 400;

/// How far values outside of that range are shifted: far enough for the largest and the smallest of them.
const SHIFT: i32 = 700;

/// What one pass over a sample tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Span {
    /// Returns the largest magnitude.
    pub(super) fn magnitude(self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    /// Tells whether all observations are equal.
    pub(super) fn is_point(self) -> bool {
        self.low >= self.high
    }
}

/// Checks that a sample has `needed` observations, all of them finite, and returns its ends.
pub(super) fn check(
    statistic: &'static str,
    argument: &'static str,
    sample: &[f64],
    needed: u64,
) -> Result<Span, StatsError> {
    let got = u64::try_from(sample.len()).unwrap_or(u64::MAX);
    if got < needed {
        return Err(StatsError::TooFew { statistic, needed, got });
    }
    let mut span = Span { low: f64::INFINITY, high: f64::NEG_INFINITY };
    for (block, values) in sample.chunks(BLOCK).enumerate() {
        if !values.iter().fold(true, |finite, value| finite & value.is_finite()) {
            let within = values.iter().position(|value| !value.is_finite()).unwrap_or(0);
            return Err(StatsError::NotFinite { argument, index: block * BLOCK + within });
        }
        let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let (lanes, rest) = values.as_chunks::<LANES>();
        for lane in lanes {
            for (index, value) in lane.iter().enumerate() {
                low[index] = if *value < low[index] { *value } else { low[index] };
                high[index] = if *value > high[index] { *value } else { high[index] };
            }
        }
        span.low = low.iter().chain(rest).copied().fold(span.low, f64::min);
        span.high = high.iter().chain(rest).copied().fold(span.high, f64::max);
    }
    Ok(span)
}

/// Returns the power of two that brings `magnitude` into the range where squares are safe; 1 where they already are.
pub(super) fn scale_for(magnitude: f64) -> f64 {
    if magnitude <= 0.0 {
        return 1.0;
    }
    let safe = 2.0_f64.powi(SAFE_EXPONENT);
    if magnitude > safe {
        2.0_f64.powi(-SHIFT)
    } else if magnitude < 1.0 / safe {
        2.0_f64.powi(SHIFT)
    } else {
        1.0
    }
}

/// The moments of a sample, in units of `1 / scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) n: f64,
    pub(super) mean: f64,
    /// The sum of squared deviations from the mean; exactly 0 where all observations are equal.
    pub(super) deviations: f64,
}

impl Moments {
    /// Returns the moments of a checked sample of which each value is multiplied by `scale`.
    pub(super) fn of(sample: &[f64], span: Span, scale: f64) -> Self {
        let n = length_to_f64(sample.len());
        if span.is_point() {
            return Self { n, mean: span.low * scale, deviations: 0.0 };
        }
        // The sum of scaled values is far from overflow, whatever the sample's size.
        let [total] = blockwise(sample, |value| [value * scale]);
        let first = total / n;
        // Two passes, as in Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance", The American
        // Statistician 37(3), equation (1.7): the second corrects what rounding left in the mean.
        let [residue, squares] = blockwise(sample, |value| {
            let deviation = value * scale - first;
            [deviation, deviation * deviation]
        });
        let deviations = (squares - residue * residue / n).max(0.0);
        Self { n, mean: first + residue / n, deviations }
    }

    /// Returns the variance with `n - 1` in the denominator; `None` for a single observation.
    pub(super) fn variance(self) -> Option<f64> {
        (self.n > 1.0).then(|| self.deviations / (self.n - 1.0))
    }
}

/// Returns sums of terms over a sample: side by side within blocks, and compensated between them.
pub(super) fn blockwise<const K: usize>(
    sample: &[f64],
    term: impl Fn(f64) -> [f64; K],
) -> [f64; K] {
    let mut totals = [Compensated::default(); K];
    for values in sample.chunks(BLOCK) {
        let mut lanes = [[0.0; LANES]; K];
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for (index, value) in chunk.iter().enumerate() {
                let terms = term(*value);
                for (lane, term) in lanes.iter_mut().zip(terms) {
                    lane[index] += term;
                }
            }
        }
        for (index, value) in rest.iter().enumerate() {
            let terms = term(*value);
            for (lane, term) in lanes.iter_mut().zip(terms) {
                lane[index] += term;
            }
        }
        for (total, lane) in totals.iter_mut().zip(lanes) {
            total.add(sum_of_lanes(lane));
        }
    }
    totals.map(Compensated::total)
}

/// Returns the sum of products of two samples' deviations, each sample given with its scaled mean and its scale.
pub(super) fn cross_deviations(
    (a, mean_a, scale_a): (&[f64], f64, f64),
    (b, mean_b, scale_b): (&[f64], f64, f64),
) -> f64 {
    let mut total = Compensated::default();
    for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
        let mut lanes = [0.0; LANES];
        let ((chunks_a, rest_a), (chunks_b, rest_b)) =
            (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in chunks_a.iter().zip(chunks_b) {
            for (index, lane) in lanes.iter_mut().enumerate() {
                *lane += (a[index] * scale_a - mean_a) * (b[index] * scale_b - mean_b);
            }
        }
        for (lane, (a, b)) in lanes.iter_mut().zip(rest_a.iter().zip(rest_b)) {
            *lane += (a * scale_a - mean_a) * (b * scale_b - mean_b);
        }
        total.add(sum_of_lanes(lanes));
    }
    total.total()
}

fn sum_of_lanes(lane: [f64; LANES]) -> f64 {
    ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]))
}

/// A sum that keeps what rounding takes: Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen", ZAMM 54, algorithm IV.
#[derive(Clone, Copy, Debug, Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, value: f64) {
        let next = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - next) + value
        } else {
            (value - next) + self.sum
        };
        self.sum = next;
    }

    fn total(self) -> f64 {
        self.sum + self.lost
    }
}

/// Brings a number back to the units of the sample; `None` where it has left the range of `f64`.
pub(super) fn unscale(value: f64, scale: f64) -> Option<f64> {
    let back = value / scale;
    back.is_finite().then_some(back)
}
