//! Ascending order of finite numbers, the step that large samples spend their time in.

const SIGN: u64 = 1 << 63;

/// Returns an integer that orders as the number does; both zeros have one.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn number(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
}

/// Returns finite numbers in ascending order.
///
/// Integers sort several times as fast as numbers whose order is asked for at each comparison.
pub(crate) fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut keys: Vec<u64> = values.map(key).collect();
    if keys.len() < BY_DIGITS {
        keys.sort_unstable();
    } else {
        sort_by_digits(&mut keys, 0, |key| *key);
    }
    keys.into_iter().map(number).collect()
}

/// Returns the positions of finite numbers in their ascending order; equal numbers stay in the order they came in.
pub(crate) fn order(values: &[f64]) -> Vec<usize> {
    let mut keys: Vec<(u64, usize)> = values.iter().copied().map(key).zip(0..).collect();
    if keys.len() < BY_DIGITS {
        keys.sort_unstable();
    } else {
        sort_by_digits(&mut keys, (0, 0), |(key, _)| *key);
    }
    keys.into_iter().map(|(_, position)| position).collect()
}

/// From this many numbers on, distributing them digit by digit takes less time than comparing them.
const BY_DIGITS: usize = 2_000;
/// Digits of eleven bits: six of them, and a table of their counts fits the nearest cache.
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 6;
const RADIX: usize = 1 << DIGIT_BITS;

/// Sorts by 64-bit keys, digit by digit from the lowest on; digits that all keys share are skipped. Stable.
fn sort_by_digits<T: Copy>(items: &mut Vec<T>, filler: T, key: impl Fn(&T) -> u64) {
    let digit = |item: &T, place: usize| low_bits(key(item) >> (place * 11));
    let mut counts = vec![[0_usize; RADIX]; DIGITS];
    for item in items.iter() {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(item, place)] += 1;
        }
    }
    let mut sorted = vec![filler; items.len()];
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&items.len()) {
            continue;
        }
        let mut start = 0;
        for count in counts.iter_mut() {
            start += std::mem::replace(count, start);
        }
        for item in items.iter() {
            let next = &mut counts[digit(item, place)];
            sorted[*next] = *item;
            *next += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

/// Returns the lowest digit of a key.
fn low_bits(key: u64) -> usize {
    let [low, high, ..] = key.to_le_bytes();
    usize::from(low) | (usize::from(high) << 8) & (RADIX - 1)
}

/// Returns the distinct values of a sample in ascending order.
pub(crate) fn distinct(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let mut found: Vec<u64> = Vec::new();
    // Ratings have few values: looking each of them up costs less than sorting them all.
    for value in values.clone().map(key) {
        let Err(place) = found.binary_search(&value) else { continue };
        if found.len() == 256 {
            let mut all = ascending(values);
            all.dedup();
            return all;
        }
        found.insert(place, value);
    }
    found.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_size_and_keep_their_bits() {
        let sorted = ascending([1.5, -2.0, 0.0, 1e300, -1e-300, f64::MAX, -0.0].into_iter());
        assert_eq!(sorted, [-2.0, -1e-300, 0.0, 0.0, 1.5, 1e300, f64::MAX]);
        assert_eq!(order(&[2.0, 1.0, 2.0, 0.5]), [3, 1, 0, 2]);
    }

    #[test]
    fn long_samples_sort_as_short_ones() {
        let mut state = 7_u64;
        let mut values = Vec::new();
        for i in 0..6_000_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = f64::from_bits(state);
            values.push(if value.is_finite() { value } else { f64::from(i % 7) - 3.0 });
        }
        let mut expected = values.clone();
        expected.sort_by(f64::total_cmp);
        assert_eq!(ascending(values.iter().copied()), expected);
        let coarse: Vec<f64> = values.iter().map(|value| value.signum() * 2.5).collect();
        let mut stable: Vec<usize> = (0..coarse.len()).collect();
        stable.sort_by(|left, right| coarse[*left].total_cmp(&coarse[*right]));
        assert_eq!(order(&coarse), stable);
    }

    #[test]
    fn many_and_few_distinct_values_are_found_alike() {
        let values = |n: u32| (0..2 * n).map(move |i| f64::from(i * 7 % n));
        for n in [1, 5, 256, 257, 1000] {
            let expected: Vec<f64> = (0..n).map(f64::from).collect();
            let n_is_prime_to_seven = n % 7 != 0;
            assert!(n_is_prime_to_seven, "the sample has all values below {n}");
            assert_eq!(distinct(values(n)), expected);
        }
    }
}
