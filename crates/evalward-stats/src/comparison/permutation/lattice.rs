//! The distribution of a sum of whole numbers, as a probability for each value.

use crate::convert::length_to_f64;

/// Probabilities of the values `offset + step * index`.
#[derive(Clone, Debug)]
pub(in crate::comparison) struct Lattice {
    offset: i64,
    step: i64,
    probabilities: Vec<f64>,
}

impl Lattice {
    /// Returns the distribution of `sum of +-magnitude` where each sign is a fair coin.
    pub(super) fn of_signs(magnitudes: &[usize]) -> Self {
        let total: usize = magnitudes.iter().sum();
        // The probability of each sum of those magnitudes that are positive.
        let mut now = vec![0.0; total + 1];
        let mut next = vec![0.0; total + 1];
        now[0] = 1.0;
        let mut reach = 0;
        for &magnitude in magnitudes {
            reach += magnitude;
            for (next, now) in next[..magnitude].iter_mut().zip(&now) {
                *next = 0.5 * now;
            }
            let shifted = now[magnitude..=reach].iter().zip(&now);
            for (next, (stay, come)) in next[magnitude..=reach].iter_mut().zip(shifted) {
                *next = 0.5 * (stay + come);
            }
            std::mem::swap(&mut now, &mut next);
        }
        let total = i64::try_from(total).expect("the size of a vector");
        Self { offset: -total, step: 2, probabilities: now }
    }

    /// Returns the distribution of the sum of `chosen` of the values, all choices being equally probable, where the sum `s` is
    /// given as `offset + step * s`.
    pub(super) fn of_choices(values: &[usize], chosen: usize, offset: i64, step: i64) -> Self {
        let width = largest_sum(values, chosen) + 1;
        // Row `j`: the probability of each sum, together with `j` of the values so far being chosen.
        let mut rows = vec![0.0; (chosen + 1) * width];
        rows[0] = 1.0;
        for (index, &value) in values.iter().enumerate() {
            let left = length_to_f64(values.len() - index);
            let fewest = (chosen + index + 1).saturating_sub(values.len());
            for taken in (fewest..=chosen.min(index + 1)).rev() {
                let open = length_to_f64(chosen - taken);
                let stay = (left - open) / left;
                let take = (open + 1.0) / left;
                let (before, after) = rows.split_at_mut(taken * width);
                let row = &mut after[..width];
                for entry in row.iter_mut() {
                    *entry *= stay;
                }
                if taken > 0 && value < width {
                    let fewer = &before[(taken - 1) * width..];
                    for (entry, fewer) in row[value..].iter_mut().zip(fewer) {
                        *entry += take * fewer;
                    }
                }
            }
        }
        Self { offset, step, probabilities: rows.split_off(chosen * width) }
    }

    /// Returns the probability of at least `bound`.
    pub(super) fn at_least(&self, bound: i64) -> f64 {
        let first = (bound - self.offset).div_euclid(self.step)
            + i64::from((bound - self.offset).rem_euclid(self.step) != 0);
        let first = usize::try_from(first.max(0)).unwrap_or(usize::MAX);
        self.probabilities.get(first..).map_or(0.0, |tail| tail.iter().rev().sum())
    }

    /// Returns the probability of at most `bound`.
    pub(super) fn at_most(&self, bound: i64) -> f64 {
        let Ok(last) = usize::try_from((bound - self.offset).div_euclid(self.step)) else {
            return 0.0;
        };
        self.probabilities.iter().take(last.saturating_add(1)).sum()
    }
}

/// Returns the largest sum of `chosen` of the values.
pub(super) fn largest_sum(values: &[usize], chosen: usize) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    sorted.iter().take(chosen).sum()
}
