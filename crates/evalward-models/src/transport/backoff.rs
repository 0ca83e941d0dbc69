//! Pauses between attempts.

use std::time::Duration;

use evalward_core::Seed;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Pauses with full jitter: the n-th is uniform between zero and the base times 2 to the n.
///
/// See Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015.
#[derive(Debug)]
pub(super) struct FullJitter {
    ceiling: Duration,
    left: u32,
    random: ChaCha8Rng,
}

impl FullJitter {
    pub(super) fn new(base: Duration, pauses: u32, seed: Seed) -> Self {
        Self { ceiling: base, left: pauses, random: ChaCha8Rng::from_seed(seed.bytes()) }
    }
}

impl Iterator for FullJitter {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let pause = self.random.random_range(Duration::ZERO..=self.ceiling);
        self.ceiling = self.ceiling.saturating_mul(2);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_reproducible_bounded_and_spread() {
        let base = Duration::from_millis(100);
        let draw = |number| FullJitter::new(base, 4, Seed::from_number(number)).collect::<Vec<_>>();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let mut longest = Duration::ZERO;
        for number in 0..200 {
            for (pause, factor) in draw(number).into_iter().zip([1, 2, 4, 8]) {
                assert!(pause <= base * factor);
                longest = longest.max(pause);
            }
        }
        assert!(longest > base * 7, "{longest:?}");
    }
}
