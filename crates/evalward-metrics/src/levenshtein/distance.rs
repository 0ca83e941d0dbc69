//! The Levenshtein distance of two texts.

use evalward_core::Finite;

use crate::fraction::u64_to_f64;
use crate::sequence::{TooLong, edits};
use crate::words::Numbers;

/// The product of the lengths, in characters, that is computed; it takes about a second.
const MOST_CELLS: u64 = 10_000_000_000;

/// Returns the number of characters that must be inserted, deleted or replaced to turn one text into the other.
///
/// Characters are Unicode scalar values. Levenshtein (1966), "Binary codes capable of correcting deletions, insertions, and
/// reversals".
///
/// # Errors
/// Where the texts are too long: the product of what is left of them without a common start and end is above 10^10.
pub fn levenshtein_distance(left: &str, right: &str) -> Result<u64, TooLong> {
    distance_and_length(left, right).map(|(distance, _)| distance)
}

/// Returns 1 less the distance over the length of the longer text; two empty texts have similarity 1.
///
/// # Errors
/// Where the texts are too long.
pub fn levenshtein_similarity(left: &str, right: &str) -> Result<Finite, TooLong> {
    let (distance, length) = distance_and_length(left, right)?;
    Ok(similarity(distance, length))
}

pub(super) fn similarity(distance: u64, length: u64) -> Finite {
    if length == 0 {
        return Finite::ONE;
    }
    Finite::new(1.0 - u64_to_f64(distance) / u64_to_f64(length))
        .expect("a count over a count above 0 is finite")
}

/// Returns the distance, and the length of the longer text.
pub(super) fn distance_and_length(left: &str, right: &str) -> Result<(u64, u64), TooLong> {
    if left.is_ascii() && right.is_ascii() {
        return compare(left.as_bytes(), right.as_bytes(), 128);
    }
    let mut numbers = Numbers::<u64>::with_room(64);
    let mut characters = |text: &str| -> Vec<u32> {
        text.chars().map(|letter| numbers.number(u32::from(letter).into())).collect()
    };
    let (left, right) = (characters(left), characters(right));
    compare(&left, &right, numbers.len())
}

fn compare<S: Copy + Eq + Into<u32>>(
    left: &[S],
    right: &[S],
    alphabet: usize,
) -> Result<(u64, u64), TooLong> {
    let distance = edits(left, right, alphabet, MOST_CELLS)?;
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    Ok((count(distance), count(left.len().max(right.len()))))
}
