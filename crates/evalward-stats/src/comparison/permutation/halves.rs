//! The distribution of a sum of any numbers, from the sorted sums of two halves.

use crate::convert::wide_to_f64;

/// The most numbers that are split into halves: each half has at most a million sums.
pub(super) const MAX_SPLIT: usize = 40;

/// Sorted sums of two halves of the numbers.
///
/// Horowitz and Sahni (1974), "Computing partitions with applications to the knapsack problem", JACM 21, section 3.
#[derive(Clone, Debug)]
pub(in crate::comparison) struct Halves {
    /// Sums that go together: each of the one list with each of the other.
    pairs: Vec<(Vec<i64>, Vec<i64>)>,
    all: f64,
}

impl Halves {
    /// Returns the sums of all choices of signs.
    pub(super) fn of_signs(values: &[i64]) -> Self {
        let (left, right) = values.split_at(values.len() / 2);
        let sums = |half: &[i64]| {
            half.iter().fold(vec![0], |sums, value| merged(&sums, -value.abs(), &sums, value.abs()))
        };
        let (left, right) = (sums(left), sums(right));
        let all = wide_to_f64(size(&left) * size(&right));
        Self { pairs: vec![(left, right)], all }
    }

    /// Returns the sums of all choices of `chosen` values.
    pub(super) fn of_choices(values: &[i64], chosen: usize) -> Self {
        let (left, right) = values.split_at(values.len() / 2);
        let (left, mut right) = (sums_by_size(left, chosen), sums_by_size(right, chosen));
        let mut pairs = Vec::new();
        for (taken, left) in left.into_iter().enumerate() {
            let right = chosen.checked_sub(taken).and_then(|rest| right.get_mut(rest));
            if let Some(right) = right {
                pairs.push((left, std::mem::take(right)));
            }
        }
        let all: i128 = pairs.iter().map(|(left, right)| size(left) * size(right)).sum();
        Self { pairs, all: wide_to_f64(all) }
    }

    /// Returns the share of sums of at least `bound`.
    pub(super) fn at_least(&self, bound: i64) -> f64 {
        self.share(|left, right| left + right >= bound)
    }

    /// Returns the share of sums of at most `bound`.
    pub(super) fn at_most(&self, bound: i64) -> f64 {
        let above = |left: i64, right: i64| left + right > bound;
        let counted: i128 = self
            .pairs
            .iter()
            .map(|(left, right)| size(left) * size(right) - count(left, right, above))
            .sum();
        wide_to_f64(counted) / self.all
    }

    fn share(&self, reaches: impl Fn(i64, i64) -> bool + Copy) -> f64 {
        let counted: i128 =
            self.pairs.iter().map(|(left, right)| count(left, right, reaches)).sum();
        wide_to_f64(counted) / self.all
    }
}

/// Counts the pairs that reach a bound: as the one goes up through its list, the other goes down.
fn count(left: &[i64], right: &[i64], reaches: impl Fn(i64, i64) -> bool) -> i128 {
    let mut below = right.len();
    let mut counted = 0;
    for left in left {
        while below > 0 && reaches(*left, right[below - 1]) {
            below -= 1;
        }
        counted += size(&right[below..]);
    }
    counted
}

fn size(list: &[i64]) -> i128 {
    i128::try_from(list.len()).expect("a length fits into 128 bits")
}

/// Returns the sorted sums of all choices, by the number of values chosen, up to `chosen`.
fn sums_by_size(values: &[i64], chosen: usize) -> Vec<Vec<i64>> {
    let mut by_size: Vec<Vec<i64>> = vec![vec![0]];
    for value in values {
        if by_size.len() <= chosen {
            by_size.push(Vec::new());
        }
        for taken in (1..by_size.len()).rev() {
            let (fewer, more) = by_size.split_at_mut(taken);
            more[0] = merged(&more[0], 0, &fewer[taken - 1], *value);
        }
    }
    by_size
}

/// Merges two sorted lists, each moved by a number.
fn merged(left: &[i64], move_left: i64, right: &[i64], move_right: i64) -> Vec<i64> {
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (
        left.iter().map(|value| value + move_left).peekable(),
        right.iter().map(|value| value + move_right).peekable(),
    );
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        if one <= other {
            all.extend(left.next());
        } else {
            all.extend(right.next());
        }
    }
    all.extend(left);
    all.extend(right);
    all
}
