//! Two samples in order: how many observations of each share a value.

use crate::convert::{length_to_u64, low_bits};

/// From this size on, sorting by digits is quicker than by comparisons.
const RADIX_SIZE: usize = 2048;

/// From this size on, counting a wide digit is quicker than sorting by narrow ones.
const COUNTING_SIZE: usize = 1 << WIDE_DIGIT;

/// The bits of a wide digit: those in which grades differ.
const WIDE_DIGIT: u32 = 16;

/// The bits of a digit.
const DIGIT: u32 = 8;

/// The values of a digit.
const BUCKETS: usize = 1 << DIGIT;

/// The digits of a key.
const DIGITS: usize = 8;

/// How many observations of each sample have the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TieGroup {
    pub(super) in_a: u64,
    pub(super) in_b: u64,
}

/// Two samples, each in ascending order.
pub(super) struct Ordered {
    a: Vec<u64>,
    b: Vec<u64>,
}

impl Ordered {
    /// Sorts two samples of finite numbers.
    pub(super) fn of(a: &[f64], b: &[f64]) -> Self {
        Self { a: sorted_keys(a), b: sorted_keys(b) }
    }

    /// Calls `visit` for each distinct value, in ascending order.
    pub(super) fn for_each_group(&self, mut visit: impl FnMut(TieGroup)) {
        let (mut a, mut b) = (self.a.as_slice(), self.b.as_slice());
        loop {
            let value = match (a.first(), b.first()) {
                (Some(a), Some(b)) => *a.min(b),
                (Some(one), None) | (None, Some(one)) => *one,
                (None, None) => return,
            };
            let (in_a, in_b) = (run_length(a, value), run_length(b, value));
            (a, b) = (&a[in_a..], &b[in_b..]);
            visit(TieGroup { in_a: length_to_u64(in_a), in_b: length_to_u64(in_b) });
        }
    }
}

/// Returns how many of the first keys equal `value`.
fn run_length(keys: &[u64], value: u64) -> usize {
    let mut length = 0;
    while keys.get(length) == Some(&value) {
        length += 1;
    }
    length
}

/// Returns integers that are ordered and tied as the sample is, in ascending order.
fn sorted_keys(sample: &[f64]) -> Vec<u64> {
    let mut keys: Vec<u64> = sample.iter().copied().map(key).collect();
    if keys.len() < RADIX_SIZE {
        keys.sort_unstable();
        return keys;
    }
    let varying = keys.iter().fold(0, |varying, key| varying | (key ^ keys[0]));
    let shift = varying.trailing_zeros();
    if keys.len() >= COUNTING_SIZE && shift < u64::BITS && varying >> shift >> WIDE_DIGIT == 0 {
        sort_by_counting(&mut keys, shift);
        return keys;
    }
    sorted_by_digits(keys)
}

/// Sorts keys that differ only in the wide digit above `shift`.
fn sort_by_counting(keys: &mut [u64], shift: u32) {
    let mut counts = vec![0_usize; 1 << WIDE_DIGIT];
    for key in keys.iter() {
        counts[low_bits::<WIDE_DIGIT>(*key >> shift)] += 1;
    }
    let digit = length_to_u64(counts.len() - 1) << shift;
    let shared = keys[0] & !digit;
    let mut start = 0;
    for (value, count) in counts.into_iter().enumerate() {
        keys[start..start + count].fill(shared | (length_to_u64(value) << shift));
        start += count;
    }
}

/// Maps a finite float to an integer of the same order; both zeros are the same, and grades keep their trailing zeros.
fn key(value: f64) -> u64 {
    const ZERO: u64 = 1 << 63;
    let magnitude = value.abs().to_bits();
    if value < 0.0 { ZERO - magnitude } else { ZERO + magnitude }
}

/// Sorts by one digit after the other, from the lowest to the highest; a digit that all keys share costs nothing, and grades share
/// almost all of theirs. Knuth (1998), "The art of computer programming", volume 3, algorithm 5.2.5R.
fn sorted_by_digits(mut keys: Vec<u64>) -> Vec<u64> {
    let mut counts = [[0_usize; BUCKETS]; DIGITS];
    for key in &keys {
        let mut rest = *key;
        for count in &mut counts {
            count[low_bits::<DIGIT>(rest)] += 1;
            rest >>= DIGIT;
        }
    }
    let mut sorted = vec![0; keys.len()];
    let mut shift = 0;
    for count in counts {
        if !count.contains(&keys.len()) {
            let mut places = starts(&count);
            for key in &keys {
                let place = &mut places[low_bits::<DIGIT>(*key >> shift)];
                sorted[*place] = *key;
                *place += 1;
            }
            std::mem::swap(&mut keys, &mut sorted);
        }
        shift += DIGIT;
    }
    keys
}

/// Returns where each bucket starts.
fn starts(count: &[usize; BUCKETS]) -> [usize; BUCKETS] {
    let mut start = 0;
    count.map(|size| {
        let here = start;
        start += size;
        here
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_sort_as_comparisons_do(
            sample in prop::collection::vec(prop_oneof![
                any::<i8>().prop_map(f64::from),
                any::<f64>().prop_filter("finite", |value| value.is_finite()),
            ], 0..100),
        ) {
            let keys: Vec<u64> = sample.iter().copied().map(key).collect();
            let mut expected = sample;
            expected.sort_by(f64::total_cmp);
            let expected: Vec<u64> = expected.into_iter().map(key).collect();
            prop_assert_eq!(sorted_by_digits(keys), expected);
        }

        #[test]
        fn counting_sorts_as_comparisons_do(
            grades in prop::collection::vec((-8_i8..8).prop_map(|grade| f64::from(grade) / 2.0), 1..300),
        ) {
            let mut keys: Vec<u64> = grades.into_iter().map(key).collect();
            let mut expected = keys.clone();
            expected.sort_unstable();
            sort_by_counting(&mut keys, 48);
            prop_assert_eq!(keys, expected);
        }
    }
}
