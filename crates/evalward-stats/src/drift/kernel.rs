//! The distance of two samples in the space of a Gaussian kernel.

use serde::Serialize;

use crate::StatsError;
use crate::convert::length_to_f64;
use crate::sample::check_sample;
use crate::sorting::ascending;

/// The distance is computed while it takes at most this many kernels: a few seconds.
const LIMIT: u64 = 1_000_000_000;

/// The squared maximum mean discrepancy of two samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KernelDiscrepancy {
    /// With each observation compared with itself too; not negative.
    pub mmd2_biased: f64,
    /// Without; 0 on average where the distributions are equal. Absent for a sample of one.
    pub mmd2_unbiased: Option<f64>,
}

/// Returns the squared maximum mean discrepancy with the kernel `exp(-gamma (x - y)²)`; nothing for samples with so many distinct
/// values that their pairs could not be compared in seconds.
///
/// Gretton, Borgwardt, Rasch, Schölkopf and Smola (2012), "A kernel two-sample test", equations (3) and (5). Equal values are
/// compared once.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation and
/// [`StatsError::OutOfDomain`] for a `gamma` that is not positive and finite.
pub fn kernel_discrepancy(
    a: &[f64],
    b: &[f64],
    gamma: f64,
) -> Result<Option<KernelDiscrepancy>, StatsError> {
    check_sample("kernel discrepancy", "a", a, 1)?;
    check_sample("kernel discrepancy", "b", b, 1)?;
    if !(gamma > 0.0 && gamma.is_finite()) {
        let (argument, expected) = ("gamma", "positive and finite");
        return Err(StatsError::OutOfDomain { argument, value: gamma, expected });
    }
    let (left, right) = (counted(a), counted(b));
    let values = u64::try_from(left.len() + right.len()).unwrap_or(u64::MAX);
    if values.saturating_mul(values) / 2 > LIMIT {
        return Ok(None);
    }
    let kernel = |x: f64, y: f64| {
        let apart = x - y;
        // Not infinity times zero.
        if apart.is_finite() { (-gamma * apart * apart).exp() } else { 0.0 }
    };
    let (m, n) = (length_to_f64(a.len()), length_to_f64(b.len()));
    let (within_a, within_b) = (within(&left, kernel), within(&right, kernel));
    let mut across = 0.0;
    for (x, times) in &left {
        across += times * right.iter().map(|(y, count)| count * kernel(*x, *y)).sum::<f64>();
    }
    let across = 2.0 * across / m / n;
    let unbiased = (within_a - m) / (m * (m - 1.0)) + (within_b - n) / (n * (n - 1.0)) - across;
    Ok(Some(KernelDiscrepancy {
        mmd2_biased: (within_a / m / m + within_b / n / n - across).max(0.0),
        mmd2_unbiased: (m > 1.0 && n > 1.0).then_some(unbiased),
    }))
}

/// Returns the distinct values with their numbers.
fn counted(sample: &[f64]) -> Vec<(f64, f64)> {
    let sorted = ascending(sample.iter().copied());
    let equal = |left: &f64, right: &f64| left >= right;
    sorted.chunk_by(equal).map(|group| (group[0], length_to_f64(group.len()))).collect()
}

/// Returns the sum of the kernel over all ordered pairs, each observation with itself included.
fn within(sample: &[(f64, f64)], kernel: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sum = 0.0;
    for (place, (x, times)) in sample.iter().enumerate() {
        let above: f64 = sample[place + 1..].iter().map(|(y, count)| count * kernel(*x, *y)).sum();
        sum += times * (times + 2.0 * above);
    }
    sum
}
