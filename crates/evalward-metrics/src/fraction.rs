//! Shares of counts, as floats that are finite by construction.

use std::num::NonZeroUsize;

use evalward_core::Finite;

/// Returns `part / whole`.
pub(crate) fn share(part: usize, whole: NonZeroUsize) -> Finite {
    Finite::new(to_f64(part) / to_f64(whole.get())).expect("a count over a count above 0 is finite")
}

/// Returns the harmonic mean, and 0 where both are 0.
pub(crate) fn harmonic_mean(left: Finite, right: Finite) -> Finite {
    let (left, right) = (left.get(), right.get());
    let sum = left + right;
    if sum <= 0.0 {
        return Finite::ZERO;
    }
    // The order of the operations is that of SQuAD's script, so that the last bit agrees as well.
    Finite::new(2.0 * left * right / sum).expect("fractions have a finite harmonic mean")
}

/// Converts a count; exact up to 2^53.
pub(crate) fn to_f64(count: usize) -> f64 {
    u64_to_f64(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Converts a count; exact up to 2^53.
pub(crate) fn u64_to_f64(count: u64) -> f64 {
    const HALF: u64 = 1 << 32;
    let half = |bits: u64| f64::from(u32::try_from(bits).unwrap_or(u32::MAX));
    half(count / HALF) * 4_294_967_296.0 + half(count % HALF)
}
