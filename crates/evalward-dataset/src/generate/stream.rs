//! A stream of reproducible draws.

use evalward_core::Seed;

use crate::near::mix;

/// Draws that follow from a seed and a label; each label has a stream of its own, so that one rule more changes no other.
#[derive(Clone, Debug)]
pub(super) struct Stream(u64);

impl Stream {
    pub(super) fn of(seed: Seed, label: &str) -> Self {
        Self(seed.derive(label).number())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        mix(self.0)
    }

    /// Draws a number below the limit; 0 where the limit is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        // The bias of the remainder is below 2^-40 for lists of any length that fits here.
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    /// Returns true with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        let draw = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(draw) < probability * 4_294_967_296.0
    }

    /// Draws one of a list; none where it is empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Draws one of a list by weights; all alike where there are none.
    pub(super) fn pick_weighted<'a, T>(&mut self, list: &'a [T], weights: &[u32]) -> Option<&'a T> {
        if weights.is_empty() {
            return self.pick(list);
        }
        let total: usize = weights.iter().map(|weight| size(*weight)).sum();
        let mut left = self.below(total);
        list.iter().zip(weights).find_map(|(item, weight)| {
            let weight = size(*weight);
            let is_here = left < weight;
            left = left.saturating_sub(weight);
            is_here.then_some(item)
        })
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
