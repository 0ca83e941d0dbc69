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
    keys.sort_unstable();
    keys.into_iter().map(number).collect()
}

/// Returns the positions of finite numbers in their ascending order; equal numbers stay in the order they came in.
pub(crate) fn order(values: &[f64]) -> Vec<usize> {
    let mut keys: Vec<(u64, usize)> = values.iter().copied().map(key).zip(0..).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, position)| position).collect()
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
