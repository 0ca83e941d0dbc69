//! When a notification that was not taken is tried again.

use std::num::NonZeroU32;
use std::time::Duration;

use evalward_core::Seed;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The longest time that a receiver can ask for; whoever asks for more is tried sooner.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// How often and how fast to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// The most attempts, the first included.
    pub(crate) max_attempts: NonZeroU32,
    /// The pause after the first attempt; it doubles with every further one.
    pub(crate) first: Duration,
    /// The longest pause.
    pub(crate) longest: Duration,
    /// What the jitter is drawn from.
    pub(crate) seed: Seed,
}

impl Default for Patience {
    /// Tries for about two and a half hours.
    fn default() -> Self {
        Self {
            max_attempts: NonZeroU32::new(24).expect("twenty-four is not zero"),
            first: Duration::from_secs(1),
            longest: Duration::from_mins(10),
            seed: Seed::from_number(0),
        }
    }
}

impl Patience {
    /// Returns the pause after an attempt of a delivery: half of it is certain, the other half is drawn, and it is no shorter than
    /// the receiver asked for. `None` where that attempt was the last.
    pub(super) fn pause_after(
        &self,
        attempt: u32,
        delivery: i64,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        if attempt >= self.max_attempts.get() {
            return None;
        }
        let doublings = attempt.saturating_sub(1).min(31);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        let seed = self.seed.derive("notify").derive(&format!("{delivery}/{attempt}"));
        let drawn = ChaCha8Rng::from_seed(seed.bytes()).random_range(whole / 2..=whole);
        Some(drawn.max(asked.unwrap_or_default().min(LONGEST_ASKED)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(attempt: u32, delivery: i64, asked: Option<u64>) -> Option<Duration> {
        let patience =
            Patience { max_attempts: NonZeroU32::new(20).unwrap(), ..Patience::default() };
        patience.pause_after(attempt, delivery, asked.map(Duration::from_secs))
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_end() {
        for (attempt, whole) in [(1, 1), (2, 2), (5, 16), (10, 512), (11, 600), (19, 600)] {
            let pause = pause(attempt, 1, None).unwrap();
            let whole = Duration::from_secs(whole);
            assert!((whole / 2..=whole).contains(&pause), "{attempt}: {pause:?}");
        }
        assert_eq!(pause(20, 1, None), None);
        assert_eq!(pause(u32::MAX, 1, Some(1)), None);
    }

    #[test]
    fn the_jitter_differs_between_deliveries_and_not_between_repetitions() {
        assert_eq!(pause(9, 1, None), pause(9, 1, None));
        let pauses: std::collections::BTreeSet<_> = (0..50).map(|id| pause(9, id, None)).collect();
        assert_eq!(pauses.len(), 50);
    }

    #[test]
    fn a_receiver_can_ask_for_more_time_but_not_for_ever() {
        assert_eq!(pause(1, 1, Some(90)), Some(Duration::from_secs(90)));
        assert!(pause(9, 1, Some(1)).unwrap() >= Duration::from_secs(128));
        assert_eq!(pause(1, 1, Some(u64::MAX)), Some(Duration::from_hours(1)));
    }
}
