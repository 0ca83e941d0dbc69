//! Whether a host answers at all.

use std::time::Duration;

use tokio::time::Instant;

/// How many attempts in a row must fail before a host counts as away.
const FAILURES: u32 = 10;

/// Of how many calls they must be at least, so that a request that the server cannot bear does not look like a dead server.
const CALLS: usize = 3;

/// How many calls must find nobody, and for how long, where nobody ever answered.
const NOBODY: (u32, Duration) = (3, Duration::from_secs(1));

/// The longest pause before the first scout, and between two.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_secs(8);

/// The pause between scouts of a host that was given up.
const LATE_PAUSE: Duration = Duration::from_secs(30);

/// Holds calls back while a host is away, but for one at a time that finds out whether it is back.
///
/// See Nygard, "Release It!", 2nd edition (2018), section 5.2.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    was_reached: bool,
    failures: u32,
    /// The first calls of those failures.
    calls: Vec<u64>,
    failing_since: Option<Instant>,
    unanswered: u32,
    unanswered_since: Option<Instant>,
    last_error: String,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Closed,
    Open(Scouts),
    Down(Scouts),
}

#[derive(Debug)]
struct Scouts {
    next: Instant,
    pause: Duration,
    /// When the last scout of an open circuit is due.
    end: Instant,
    is_under_way: bool,
}

/// Whether a call may be sent.
#[derive(Debug)]
pub(super) enum Passage {
    Free,
    /// As the one that finds out whether the host is back.
    Scout,
    /// No sooner than then, or than the scout has ended.
    Wait(Option<Instant>),
    /// The host was given up.
    Refused(String),
}

/// A failure that may mean that the host is away.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lapse<'a> {
    pub(super) call: u64,
    pub(super) was_scout: bool,
    /// Whether nobody took the connection, so that the request cannot be the cause.
    pub(super) found_nobody: bool,
    pub(super) error: &'a str,
    /// How long to wait for the host.
    pub(super) patience: Duration,
}

impl Circuit {
    pub(super) fn passage(&self, now: Instant) -> Passage {
        match &self.state {
            State::Closed => Passage::Free,
            State::Open(scouts) if scouts.is_under_way => Passage::Wait(None),
            State::Open(scouts) if now < scouts.next => Passage::Wait(Some(scouts.next)),
            State::Down(scouts) if scouts.is_under_way || now < scouts.next => {
                Passage::Refused(self.reason(now))
            }
            State::Open(_) | State::Down(_) => Passage::Scout,
        }
    }

    /// Returns whether calls are held back.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed)
    }

    pub(super) fn scout_starts(&mut self) {
        if let State::Open(scouts) | State::Down(scouts) = &mut self.state {
            scouts.is_under_way = true;
        }
    }

    /// Takes in that a scout was dropped before it ended.
    pub(super) fn scout_dropped(&mut self) {
        if let State::Open(scouts) | State::Down(scouts) = &mut self.state {
            scouts.is_under_way = false;
        }
    }

    /// Takes in a sign of life: any answer but an error of the server's own.
    pub(super) fn answered(&mut self) {
        self.was_reached = true;
        self.failures = 0;
        self.calls.clear();
        self.failing_since = None;
        self.state = State::Closed;
    }

    /// Takes in a failure; returns why the host is given up, where this decides it.
    pub(super) fn failed(&mut self, lapse: Lapse<'_>, now: Instant) -> Option<String> {
        let Lapse { call, was_scout, found_nobody, error, patience } = lapse;
        self.was_reached |= !found_nobody;
        error.clone_into(&mut self.last_error);
        self.failures = self.failures.saturating_add(1);
        self.failing_since.get_or_insert(now);
        if self.calls.len() < CALLS && !self.calls.contains(&call) {
            self.calls.push(call);
        }
        match &mut self.state {
            State::Closed => {
                let is_away = found_nobody || self.calls.len() >= CALLS;
                if self.was_reached && self.failures >= FAILURES && is_away {
                    let pause = FIRST_PAUSE.min(patience / 16);
                    let (next, end) = (now + pause, now + patience);
                    self.state = State::Open(Scouts { next, pause, end, is_under_way: false });
                }
                None
            }
            State::Open(scouts) if was_scout => {
                scouts.is_under_way = false;
                if now >= scouts.end {
                    return Some(self.give_up(now));
                }
                scouts.pause = (scouts.pause * 2).min(PAUSE);
                scouts.next = (now + scouts.pause).min(scouts.end);
                None
            }
            State::Down(scouts) if was_scout => {
                scouts.is_under_way = false;
                scouts.next = now + LATE_PAUSE;
                None
            }
            // Sent before the circuit opened.
            State::Open(_) | State::Down(_) => None,
        }
    }

    /// Takes in that a call ended without having found anybody; returns why the host is given up, where this decides it.
    pub(super) fn found_nobody(&mut self, now: Instant) -> Option<String> {
        if self.was_reached || self.is_open() {
            return None;
        }
        self.unanswered = self.unanswered.saturating_add(1);
        let since = *self.unanswered_since.get_or_insert(now);
        let (calls, time) = NOBODY;
        (self.unanswered >= calls && now - since >= time).then(|| self.give_up(now))
    }

    fn give_up(&mut self, now: Instant) -> String {
        let next = now + LATE_PAUSE;
        let scouts = Scouts { next, pause: LATE_PAUSE, end: next, is_under_way: false };
        self.state = State::Down(scouts);
        self.reason(now)
    }

    fn reason(&self, now: Instant) -> String {
        let secs = self.failing_since.map_or(0, |since| (now - since).as_secs());
        let last_error = &self.last_error;
        if self.was_reached {
            format!("has been down for {secs} s (last error: {last_error})")
        } else {
            format!("was never reached (last error: {last_error})")
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(8);

    fn lapse(call: u64, was_scout: bool, found_nobody: bool) -> Lapse<'static> {
        Lapse { call, was_scout, found_nobody, error: "answered 503", patience: PATIENCE }
    }

    /// Fails calls in turn, so many attempts in all.
    fn fail(circuit: &mut Circuit, attempts: u64, calls: u64, found_nobody: bool, now: Instant) {
        for attempt in 0..attempts {
            assert_eq!(circuit.failed(lapse(attempt % calls, false, found_nobody), now), None);
        }
    }

    #[test]
    fn it_opens_after_failures_of_several_calls_and_scouts_until_it_gives_up() {
        let begin = Instant::now();
        let mut circuit = Circuit::default();
        fail(&mut circuit, 9, 5, false, begin);
        assert!(!circuit.is_open());
        fail(&mut circuit, 1, 5, false, begin);
        assert!(circuit.is_open());
        let mut scouted = Vec::new();
        let mut now = begin;
        let reason = loop {
            match circuit.passage(now) {
                Passage::Wait(Some(next)) => now = next,
                Passage::Scout => {
                    circuit.scout_starts();
                    assert!(matches!(circuit.passage(now), Passage::Wait(None)));
                    scouted.push((now - begin).as_millis());
                    if let Some(reason) = circuit.failed(lapse(7, true, false), now) {
                        break reason;
                    }
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(scouted, [500, 1_500, 3_500, 7_500, 8_000]);
        assert_snapshot!(reason, @"has been down for 8 s (last error: answered 503)");
        assert!(matches!(circuit.passage(now), Passage::Refused(_)));
        let later = now + LATE_PAUSE;
        assert!(matches!(circuit.passage(later), Passage::Scout));
        circuit.scout_starts();
        assert!(matches!(circuit.passage(later), Passage::Refused(_)));
        circuit.answered();
        assert!(matches!(circuit.passage(later), Passage::Free));
    }

    #[test]
    fn an_answer_closes_it_and_a_dropped_scout_is_replaced() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        fail(&mut circuit, 10, 3, false, now);
        let later = now + FIRST_PAUSE;
        circuit.scout_starts();
        circuit.scout_dropped();
        assert!(matches!(circuit.passage(later), Passage::Scout));
        circuit.answered();
        assert!(matches!(circuit.passage(later), Passage::Free));
        fail(&mut circuit, 9, 3, false, later);
        assert!(!circuit.is_open());
    }

    #[test]
    fn a_request_that_the_server_cannot_bear_is_no_dead_server() {
        let mut circuit = Circuit::default();
        fail(&mut circuit, 50, 2, false, Instant::now());
        assert!(!circuit.is_open());
    }

    #[test]
    fn a_host_that_never_answered_is_given_up_without_scouts() {
        let mut now = Instant::now();
        let mut circuit = Circuit::default();
        fail(&mut circuit, 50, 25, true, now);
        assert!(!circuit.is_open());
        for _ in 0..5 {
            assert_eq!(circuit.found_nobody(now), None);
        }
        now += NOBODY.1;
        let reason = circuit.found_nobody(now).unwrap();
        assert_snapshot!(reason, @"was never reached (last error: answered 503)");
        assert!(matches!(circuit.passage(now), Passage::Refused(_)));
    }
}
