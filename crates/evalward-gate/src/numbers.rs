//! The only conversions between integers and floats in the crate, and the way back from floats that may not be finite.

use evalward_core::Finite;

/// Returns a count as a float; above 2^53 the nearest is as good as any.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of examples stay far below 2^53"
)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// Returns a share of counts.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    float(part) / float(whole)
}

/// Returns a length as a count.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Returns the number, where it is one that can be stated.
pub(crate) fn finite(value: f64) -> Option<Finite> {
    Finite::new(value).ok()
}
