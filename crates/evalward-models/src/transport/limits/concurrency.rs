//! How many calls may be under way at once.

use tokio::time::Instant;

use super::latency::{LatencyWatch, Rising};

/// The share of failures that says that a server is overloaded and not that it failed by chance, in 65,536ths.
const OVERLOADED: u32 = 65_536 / 10;

/// A bound that halves where the server is overloaded and grows by one with every round of successes.
///
/// See Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance in computer networks",
/// Computer Networks and ISDN Systems 17 (1989), section 3.
#[derive(Debug, Default)]
pub(super) struct Concurrency {
    stated: Option<usize>,
    limit: Option<usize>,
    under_way: usize,
    sent: u64,
    /// The number of the first call that was sent after the last change.
    decided_at: u64,
    successes: usize,
    /// The smoothed share of failures, in 65,536ths.
    failing: u32,
    watch: LatencyWatch,
}

/// A call that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    number: u64,
    at_once: usize,
    at: Instant,
}

impl Sent {
    /// Returns its number among the calls of the host.
    pub(super) fn number(self) -> u64 {
        self.number
    }
}

impl Concurrency {
    /// Takes in a bound from the settings; the smallest one counts.
    pub(super) fn bound(&mut self, most: usize) {
        if self.stated.is_none_or(|stated| most < stated) {
            self.stated = Some(most);
            self.limit = Some(self.limit.map_or(most, |limit| limit.min(most)));
        }
    }

    pub(super) fn has_room(&self) -> bool {
        self.limit.is_none_or(|limit| self.under_way < limit)
    }

    /// Returns the number of the call that was sent last.
    pub(super) fn last_sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn under_way(&self) -> usize {
        self.under_way
    }

    #[cfg(test)]
    pub(super) fn limit(&self) -> Option<usize> {
        self.limit
    }

    pub(super) fn start(&mut self, now: Instant) -> Sent {
        self.under_way += 1;
        self.sent += 1;
        Sent { number: self.sent, at_once: self.under_way, at: now }
    }

    /// Takes in that a call is over, however it ended; one of the other methods comes before.
    pub(super) fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Takes in an answer.
    pub(super) fn answered(&mut self, sent: Sent, now: Instant) {
        self.failing -= self.failing / 16;
        self.grow();
        // Calls from before the last change tell nothing of what it did.
        if sent.number <= self.decided_at {
            return;
        }
        match self.watch.observe(now - sent.at, now, sent.at_once) {
            Some(Rising::Suspected) if self.at_once(sent) > 1 => {
                self.watch.try_less(self.limit);
                self.halve(sent);
            }
            Some(Rising::Refuted(limit)) => {
                self.limit = limit;
                self.decided_at = self.sent;
            }
            _ => {}
        }
    }

    /// Takes in that the server says it is asked too often.
    pub(super) fn refused(&mut self, sent: Sent) {
        if sent.number > self.decided_at {
            self.halve(sent);
        }
        self.watch.restart();
    }

    /// Takes in an error of the server or a time-out; one now and then does not say that the server is overloaded.
    pub(super) fn failed(&mut self, sent: Sent) {
        self.failing += (65_536 - self.failing) / 16;
        if self.failing > OVERLOADED && sent.number > self.decided_at {
            self.halve(sent);
        }
        self.watch.restart();
    }

    /// Takes in that calls had to wait for another reason, so that their number in a time tells nothing.
    pub(super) fn paused(&mut self) {
        self.watch.restart();
    }

    fn at_once(&self, sent: Sent) -> usize {
        let at_once = sent.at_once.max(self.under_way);
        self.limit.map_or(at_once, |limit| limit.min(at_once))
    }

    fn halve(&mut self, sent: Sent) {
        self.limit = Some((self.at_once(sent) / 2).max(1));
        self.decided_at = self.sent;
        self.successes = 0;
        self.failing = 0;
    }

    fn grow(&mut self) {
        let Some(limit) = self.limit else { return };
        self.successes += 1;
        if self.successes >= limit {
            self.successes = 0;
            let grown = limit.saturating_add(1);
            self.limit = Some(self.stated.map_or(grown, |stated| grown.min(stated)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn started(concurrency: &mut Concurrency, calls: usize) -> Vec<Sent> {
        let now = Instant::now();
        (0..calls).map(|_| concurrency.start(now)).collect()
    }

    #[test]
    fn failures_of_one_round_halve_once() {
        let mut concurrency = Concurrency::default();
        let calls = started(&mut concurrency, 40);
        for sent in calls {
            concurrency.refused(sent);
            concurrency.end();
        }
        assert_eq!(concurrency.limit(), Some(20));
        for expected in [10, 5, 2, 1, 1] {
            let room = concurrency.limit().unwrap();
            let calls = started(&mut concurrency, room);
            assert!(!concurrency.has_room());
            for sent in calls {
                concurrency.refused(sent);
                concurrency.end();
            }
            assert_eq!(concurrency.limit(), Some(expected));
        }
    }

    #[test]
    fn it_grows_by_one_a_round_up_to_what_is_stated() {
        let mut concurrency = Concurrency::default();
        concurrency.bound(9);
        concurrency.bound(4);
        let calls = started(&mut concurrency, 4);
        concurrency.refused(calls[0]);
        (0..4).for_each(|_| concurrency.end());
        assert_eq!(concurrency.limit(), Some(2));
        for (answers, expected) in [(1, 2), (1, 3), (2, 3), (1, 4), (40, 4)] {
            for sent in started(&mut concurrency, answers) {
                concurrency.answered(sent, sent.at);
                concurrency.end();
            }
            assert_eq!(concurrency.limit(), Some(expected));
        }
    }

    #[test]
    fn an_error_now_and_then_is_no_overload_and_many_are() {
        let mut concurrency = Concurrency::default();
        for number in 0..200 {
            let sent = started(&mut concurrency, 1)[0];
            if number % 25 == 0 {
                concurrency.failed(sent);
            } else {
                concurrency.answered(sent, sent.at);
            }
            concurrency.end();
        }
        assert_eq!(concurrency.limit(), None);
        let calls = started(&mut concurrency, 8);
        calls[..2].iter().for_each(|sent| concurrency.failed(*sent));
        assert_eq!(concurrency.limit(), Some(4));
    }

    /// Plays a server that has so many slots, each of which takes so long for a call, and a client that always has calls to make.
    fn play(
        concurrency: &mut Concurrency,
        clients: usize,
        slots: usize,
        millis: u64,
        calls: usize,
    ) {
        let mut now = Instant::now() + Duration::from_hours(1);
        let mut waiting = std::collections::VecDeque::new();
        let mut done = 0;
        while done < calls {
            while waiting.len() < clients && concurrency.has_room() {
                waiting.push_back(concurrency.start(now));
            }
            now += Duration::from_millis(millis);
            for _ in 0..slots {
                let Some(sent) = waiting.pop_front() else { break };
                concurrency.answered(sent, now);
                concurrency.end();
                done += 1;
            }
        }
        while waiting.pop_front().is_some() {
            concurrency.end();
        }
    }

    #[test]
    fn a_queue_at_the_server_is_made_shorter() {
        let mut concurrency = Concurrency::default();
        play(&mut concurrency, 64, 64, 50, 1_000);
        assert_eq!(concurrency.limit(), None, "as fast as it gets");
        play(&mut concurrency, 64, 4, 50, 2_000);
        let limit = concurrency.limit().unwrap();
        assert!((4..=40).contains(&limit), "{limit}");
    }

    #[test]
    fn calls_that_take_longer_by_themselves_are_not_held_back() {
        let mut concurrency = Concurrency::default();
        play(&mut concurrency, 64, 64, 50, 1_000);
        play(&mut concurrency, 64, 64, 400, 2_000);
        assert!(concurrency.has_room());
        assert!(concurrency.limit().is_none_or(|limit| limit >= 64), "{:?}", concurrency.limit());
    }
}
