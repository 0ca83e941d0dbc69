//! The only conversions between integers and floats in the crate.

/// Returns the float nearest to a count.
///
/// Counts above 2^53 are rounded to 53 significant bits, a relative error of
/// 1e-16, which is the precision of every estimate made from them.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "std has no checked way from u64 to f64, and rounding is what is wanted"
)]
pub(crate) fn count_to_f64(count: u64) -> f64 {
    count as f64
}

/// Returns the length of a slice as a float; see [`count_to_f64`].
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "std has no checked way from usize to f64; slices are shorter than 2^53"
)]
pub(crate) fn length_to_f64(length: usize) -> f64 {
    length as f64
}

/// Returns the largest index not above `position`, and 0 for anything negative.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "truncation is the purpose; `as` saturates, so no value is undefined"
)]
pub(crate) fn floor_to_index(position: f64) -> usize {
    position as usize
}

/// Returns the float nearest to a wide integer.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "std has no checked way from i128 to f64, and rounding is what is wanted"
)]
pub(crate) fn wide_to_f64(count: i128) -> f64 {
    count as f64
}

/// Returns the smallest count not below `value`, and 0 for anything negative.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is whole; `as` saturates, so no value is undefined"
)]
pub(crate) fn ceil_to_count(value: f64) -> u64 {
    value.ceil() as u64
}

/// Returns the integer nearest to a value; the largest one for anything larger.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "rounding is the purpose; `as` saturates, so no value is undefined"
)]
pub(crate) fn round_to_integer(value: f64) -> i64 {
    value.round() as i64
}

/// Returns the lowest `BITS` bits as an index.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the bits that are cut off are not wanted"
)]
pub(crate) fn low_bits<const BITS: u32>(bits: u64) -> usize {
    bits as usize & ((1 << BITS) - 1)
}

/// Returns the length of a slice as a count.
#[expect(clippy::as_conversions, reason = "no platform has lengths of more than 64 bits")]
pub(crate) fn length_to_u64(length: usize) -> u64 {
    length as u64
}
