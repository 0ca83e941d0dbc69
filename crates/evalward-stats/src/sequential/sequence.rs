//! The confidence sequence of a whole series.

use super::HedgedBetting;
use crate::StatsError;

/// Returns the lower and the upper end after each observation of a confidence sequence for the mean, by [`HedgedBetting`].
///
/// All intervals at once hold the true mean with probability `1 - alpha`, however often and whenever they are looked at. They only
/// shrink, and are rounded outwards to thousandths of the range.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty series, [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation
/// outside the range, for an empty or infinite range, and for an `alpha` outside `(0, 1)`.
pub fn confidence_sequence(
    x: &[f64],
    low: f64,
    high: f64,
    alpha: f64,
) -> Result<(Vec<f64>, Vec<f64>), StatsError> {
    let mut sequence = HedgedBetting::new(low, high, alpha)?;
    if x.is_empty() {
        return Err(StatsError::TooFew { statistic: "confidence_sequence", needed: 1, got: 0 });
    }
    let (mut lower, mut upper) = (Vec::with_capacity(x.len()), Vec::with_capacity(x.len()));
    for x in x {
        let interval = sequence.push(*x)?;
        lower.push(interval.low);
        upper.push(interval.high);
    }
    Ok((lower, upper))
}
