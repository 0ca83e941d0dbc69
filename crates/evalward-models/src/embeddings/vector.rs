//! Vectors as bytes, and as the digits of a recording.

use evalward_core::{CallError, CallErrorKind};

/// The bytes of a number.
const NUMBER: usize = size_of::<f32>();

/// Writes the numbers one after the other, the lowest byte first.
pub(super) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Reads what [`to_bytes`] wrote; nothing where it is empty, cut off or not finite.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<NUMBER>();
    let vector: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let is_whole = rest.is_empty() && !vector.is_empty();
    (is_whole && vector.iter().all(|number| number.is_finite())).then_some(vector)
}

/// Writes the bytes of a vector as hexadecimal digits: exact, and half as long as its numbers.
pub(super) fn to_digits(vector: &[f32]) -> String {
    use std::fmt::Write as _;
    let mut digits = String::with_capacity(vector.len() * NUMBER * 2);
    for byte in to_bytes(vector) {
        write!(digits, "{byte:02x}").expect("a string takes whatever is written");
    }
    digits
}

/// Reads what [`to_digits`] wrote.
pub(super) fn from_digits(digits: &str) -> Option<Vec<f32>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? * 16 + digit(*low)?);
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    rest.is_empty().then(|| from_bytes(&bytes?)).flatten()
}

/// Checks that there is a vector for each text.
pub(super) fn check_count(vectors: &[Vec<f32>], texts: usize) -> Result<(), CallError> {
    if vectors.len() == texts {
        return Ok(());
    }
    let message = format!("the embedding model gave {} vectors for {texts} texts", vectors.len());
    Err(CallError::new(CallErrorKind::Malformed, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_survives_bit_by_bit() {
        let vector = [0.1_f32, -0.0, f32::MIN_POSITIVE / 2.0, f32::MAX];
        let bits = |vector: &[f32]| vector.iter().map(|it| it.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&from_digits(&to_digits(&vector)).unwrap()), bits(&vector));
        assert_eq!(to_digits(&[1.0]), "0000803f");
    }

    #[test]
    fn what_is_no_vector_is_none() {
        for digits in ["", "0", "00", "0000803", "0000803f00", "0000c07f", "+000803f", "é00803f"] {
            assert_eq!(from_digits(digits), None, "{digits}");
        }
    }
}
