//! A bound on what is admitted in a minute.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;

/// The bound's period.
const MINUTE: u64 = 60_000_000_000;

/// Admits at most so many units in any minute, spread over it, a twentieth of them at once.
///
/// The generic cell rate algorithm: ITU-T Recommendation I.371 (2004), annex A, virtual scheduling.
#[derive(Debug)]
pub(super) struct Rate {
    per_minute: u32,
    /// How many units may come at once.
    burst: u64,
    /// The nanoseconds between two units.
    interval: u64,
    /// When everything admitted so far has passed at the even rate.
    passed_at: Option<Instant>,
}

impl Rate {
    pub(super) fn new(per_minute: NonZeroU32) -> Self {
        let per_minute = per_minute.get();
        let burst = 1 + u64::from(per_minute) / 20;
        // What may come at once in one minute is taken off what flows in it, or both together would be too much.
        let flow = u64::from(per_minute) + 1 - burst;
        Self { per_minute, burst, interval: MINUTE.div_ceil(flow), passed_at: None }
    }

    /// Lowers the bound to another one, keeping account of what was admitted.
    pub(super) fn tighten(&mut self, per_minute: NonZeroU32) {
        if per_minute.get() < self.per_minute {
            *self = Self { passed_at: self.passed_at, ..Self::new(per_minute) };
        }
    }

    /// Returns from when on so many units are admitted; `None` where they always were. What is larger than may come at once
    /// waits until nothing is left of what came before.
    pub(super) fn ready_at(&self, units: u64) -> Option<Instant> {
        let room = self.burst - units.min(self.burst);
        self.passed_at?.checked_sub(self.span(room))
    }

    /// Admits so many units.
    pub(super) fn take(&mut self, units: u64, now: Instant) {
        let start = self.passed_at.map_or(now, |passed| passed.max(now));
        self.passed_at = Some(start + self.span(units));
    }

    /// Replaces what was estimated by what it was.
    pub(super) fn correct(&mut self, estimated: u64, used: u64) {
        let Some(passed) = self.passed_at else { return };
        self.passed_at = if used > estimated {
            Some(passed + self.span(used - estimated))
        } else {
            passed.checked_sub(self.span(estimated - used))
        };
    }

    /// Returns how long units take at the even rate; no more than ten minutes, however wrong an estimate is.
    fn span(&self, units: u64) -> Duration {
        Duration::from_nanos(self.interval.saturating_mul(units).min(10 * MINUTE))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(per_minute: u32) -> Rate {
        Rate::new(NonZeroU32::new(per_minute).unwrap())
    }

    /// Returns when units were admitted that are asked for after these pauses in milliseconds.
    fn admitted(rate: &mut Rate, asked: &[(u64, u64)]) -> Vec<(Instant, u64)> {
        let mut now = Instant::now() + Duration::from_hours(1);
        let mut admitted = Vec::new();
        for (pause, units) in asked {
            now += Duration::from_millis(*pause);
            now = rate.ready_at(*units).map_or(now, |ready| ready.max(now));
            rate.take(*units, now);
            admitted.push((now, *units));
        }
        admitted
    }

    /// Returns the most that was admitted in one minute.
    fn most_in_a_minute(admitted: &[(Instant, u64)]) -> u64 {
        let minute = Duration::from_mins(1);
        let of = |(start, _): &(Instant, u64)| {
            let within = admitted.iter().filter(|(at, _)| start <= at && *at < *start + minute);
            within.map(|(_, units)| units).sum()
        };
        admitted.iter().map(of).max().unwrap_or(0)
    }

    #[test]
    fn the_whole_rate_is_used() {
        for per_minute in [1, 3, 60, 600] {
            let calls = usize::try_from(per_minute * 4).unwrap();
            let admitted = admitted(&mut rate(per_minute), &vec![(0, 1); calls]);
            let took = admitted[calls - 1].0 - admitted[0].0;
            assert!(took <= Duration::from_secs(260), "{per_minute}: {took:?}");
            assert!(took >= Duration::from_secs(179), "{per_minute}: {took:?}");
        }
    }

    #[test]
    fn a_wrong_estimate_is_made_good() {
        let now = Instant::now() + Duration::from_hours(1);
        let mut rate = rate(1_000);
        rate.take(50, now);
        let waiting = rate.ready_at(50).unwrap() - now;
        rate.correct(50, 25);
        let corrected = rate.ready_at(50).unwrap() - now;
        assert!(corrected * 2 < waiting + Duration::from_millis(200), "{corrected:?} {waiting:?}");
        rate.correct(25, 60);
        assert!(rate.ready_at(50).unwrap() - now > waiting);
    }

    proptest! {
        #[test]
        fn never_admits_more_than_its_bound_in_any_minute(
            per_minute in 1_u32..200,
            pauses in prop::collection::vec(prop_oneof![Just(0_u64), 0_u64..90_000], 1..300),
        ) {
            let asked: Vec<_> = pauses.into_iter().map(|pause| (pause, 1)).collect();
            let admitted = admitted(&mut rate(per_minute), &asked);
            prop_assert!(most_in_a_minute(&admitted) <= u64::from(per_minute));
        }

        #[test]
        fn never_admits_more_units_than_its_bound_in_any_minute(
            per_minute in 1_000_u32..100_000,
            asked in prop::collection::vec((0_u64..20_000, 1_u64..50), 1..200),
        ) {
            let admitted = admitted(&mut rate(per_minute), &asked);
            prop_assert!(most_in_a_minute(&admitted) <= u64::from(per_minute));
        }

        #[test]
        fn takes_any_number(per_minute in 1_u32.., units in prop::collection::vec(any::<u64>(), 1..20)) {
            let now = Instant::now();
            let mut rate = rate(per_minute);
            for units in units {
                rate.ready_at(units);
                rate.take(units.min(1 << 40), now);
                rate.correct(units, 3);
                rate.correct(3, units);
            }
        }
    }
}
