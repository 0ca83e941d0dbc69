//! The draw: a number from the hash of a key, compared with a probability.

use evalward_core::{Digest, Interaction, Rate};

/// What the hash starts with; another version of the rule takes another text.
const VERSION: &[u8] = b"evalward-sampling-v1\0";

/// The binary digits of a fraction of an `f64`, without the leading one.
const FRACTION_BITS: u32 = 52;

/// What an exponent of an `f64` is stored with.
const EXPONENT_BIAS: u64 = 1023;

/// Returns the key that decides about an interaction: its trace, so that every service decides alike, or its own id.
pub(super) fn key_of(interaction: &Interaction) -> String {
    match &interaction.trace_id {
        Some(trace) => trace.to_lowercase(),
        None => interaction.id.as_str().to_owned(),
    }
}

/// Returns whether a key is drawn with this probability: the first 8 bytes of its hash, as a share of 2^64, are below it.
pub(super) fn is_drawn(key: &str, probability: Rate) -> bool {
    u128::from(number_of(key)) < threshold(probability)
}

fn number_of(key: &str) -> u64 {
    let digest = Digest::of(&[VERSION, key.as_bytes()].concat());
    digest.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Returns the smallest whole number that is not below `probability * 2^64`, exactly: a product in floating point would be
/// rounded, and two programs could then disagree about a key.
fn threshold(probability: Rate) -> u128 {
    let probability = probability.get();
    if probability >= 1.0 {
        return 1 << 64;
    }
    let bits = probability.to_bits();
    let exponent = bits >> FRACTION_BITS;
    // A subnormal number times 2^64 is far below 1: zero draws nothing, anything above it draws the hash 0.
    if exponent == 0 {
        return u128::from(probability > 0.0);
    }
    let significand = u128::from((1 << FRACTION_BITS) | (bits & ((1 << FRACTION_BITS) - 1)));
    // The number is significand * 2^(exponent - bias - 52); times 2^64 that is a shift by exponent - bias + 12.
    if let Some(left) = (exponent + 12).checked_sub(EXPONENT_BIAS) {
        return significand << left;
    }
    let right = EXPONENT_BIAS - exponent - 12;
    if right > u64::from(FRACTION_BITS) { 1 } else { significand.div_ceil(1 << right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(value: f64) -> Rate {
        Rate::new(value).unwrap()
    }

    #[test]
    fn thresholds_are_exact() {
        let check = |value: f64, expected: u128| assert_eq!(threshold(rate(value)), expected);
        check(0.0, 0);
        check(1.0, 1 << 64);
        check(0.5, 1 << 63);
        check(0.75, 3 << 62);
        check(2_f64.powi(-64), 1);
        check(2_f64.powi(-65), 1);
        check(3.0 * 2_f64.powi(-65), 2);
        check(f64::MIN_POSITIVE, 1);
        check(5e-324, 1);
        // The nearest number below 1 leaves out 2^11 hashes.
        check(1.0 - f64::EPSILON / 2.0, (1 << 64) - (1 << 11));
    }

    #[test]
    fn the_rule_is_what_it_was() {
        // `blake3.blake3(b"evalward-sampling-v1\0" + key).digest()[:8].hex()` of the Python package blake3 1.0: others must agree.
        let key = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(format!("{:016x}", number_of(key)), "29d957cec3dffa85");
    }
}
