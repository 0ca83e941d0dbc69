//! All that is known of a host, and what follows from it for the next call.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use tokio::time::Instant;

use super::circuit::{Circuit, Lapse, Passage};
use super::concurrency::{Concurrency, Sent};
use super::headers::Quotas;
use super::learned::{Ended, Learned, UnderWay};
use super::rate::Rate;

/// What the settings say of a host.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Stated {
    pub(in super::super) calls_at_once: Option<NonZeroUsize>,
    pub(in super::super) requests_per_minute: Option<NonZeroU32>,
    pub(in super::super) tokens_per_minute: Option<NonZeroU32>,
    /// How long to wait for the host while it is away.
    pub(in super::super) patience: Duration,
}

/// What the end of an attempt says of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Sign {
    /// Nothing; the request never left.
    Unsent,
    /// It answered, with so many tokens used, where it says so.
    Answered(Option<u64>),
    /// It lives, but refused this request.
    Refused,
    /// It is asked too often.
    Busy,
    /// It failed by itself, or gave no answer in time.
    Unwell,
    /// Nobody took the connection.
    Nobody,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Ending<'a> {
    /// The number of the call.
    pub(in super::super) call: u64,
    pub(in super::super) sign: Sign,
    /// What went wrong, without secrets.
    pub(in super::super) error: &'a str,
    /// For how long the server asks not to be called.
    pub(in super::super) pause: Option<Duration>,
    /// What the server says of its limits.
    pub(in super::super) quotas: Quotas,
}

/// What follows from the end of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Upshot {
    /// Whether the host is away, so that the attempt does not count against the call: it waits with all others.
    pub(in super::super) is_away: bool,
    /// Why the host is given up, where this attempt decided it.
    pub(in super::super) given_up: Option<String>,
}

/// Whether a call may be sent.
#[derive(Debug)]
pub(super) enum Admission {
    Go(Ticket),
    /// Not before something changes, or this moment.
    Wait(Option<Instant>),
    Refused(String),
}

/// A call under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    sent: Sent,
    tokens: u64,
    is_scout: bool,
}

/// One request may be sent beside another one of the same call for each ten others.
const OTHERS: u32 = 10;

/// So many of them may be sent one after the other, however many others there were: a server that gets slow is not sent twice as
/// many.
const BESIDE_AT_ONCE: u32 = 10;

#[derive(Debug, Default)]
pub(super) struct State {
    circuit: Circuit,
    concurrency: Concurrency,
    requests: Option<Rate>,
    tokens: Option<Rate>,
    learned: Learned,
    tokens_under_way: u64,
    /// How many others were sent for which none was sent beside.
    others: u32,
    paused_until: Option<Instant>,
    patience: Duration,
}

impl State {
    /// Takes in what one client's settings say; of several, the smallest limit and the greatest patience count.
    pub(super) fn heed(&mut self, stated: &Stated) {
        if let Some(most) = stated.calls_at_once {
            self.concurrency.bound(most.get());
        }
        for (rate, per_minute) in [
            (&mut self.requests, stated.requests_per_minute),
            (&mut self.tokens, stated.tokens_per_minute),
        ] {
            if let Some(per_minute) = per_minute {
                rate.get_or_insert_with(|| Rate::new(per_minute)).tighten(per_minute);
            }
        }
        self.patience = self.patience.max(stated.patience);
    }

    pub(super) fn admit(&mut self, tokens: u64, now: Instant) -> Admission {
        let admission = self.try_admit(tokens, now);
        match admission {
            Admission::Go(_) => self.others = (self.others + 1).min(OTHERS * BESIDE_AT_ONCE),
            Admission::Wait(Some(_)) => self.concurrency.paused(),
            Admission::Wait(None) | Admission::Refused(_) => {}
        }
        admission
    }

    fn try_admit(&mut self, tokens: u64, now: Instant) -> Admission {
        let (is_scout, circuit_until) = match self.circuit.passage(now) {
            Passage::Refused(reason) => return Admission::Refused(reason),
            Passage::Wait(None) => return Admission::Wait(None),
            Passage::Wait(until) => (false, until),
            Passage::Scout => (true, None),
            Passage::Free => (false, None),
        };
        if !self.concurrency.has_room() {
            return Admission::Wait(None);
        }
        let calls = u64::try_from(self.concurrency.under_way()).unwrap_or(u64::MAX);
        let under_way = UnderWay { calls, tokens: self.tokens_under_way };
        let moments = [
            circuit_until,
            self.paused_until,
            self.learned.ready_at(tokens, under_way),
            self.requests.as_ref().and_then(|rate| rate.ready_at(1)),
            self.tokens.as_ref().and_then(|rate| rate.ready_at(tokens)),
        ];
        if let Some(until) = moments.into_iter().flatten().max().filter(|until| now < *until) {
            return Admission::Wait(Some(until));
        }
        if is_scout {
            self.circuit.scout_starts();
        }
        if let Some(rate) = &mut self.requests {
            rate.take(1, now);
        }
        if let Some(rate) = &mut self.tokens {
            rate.take(tokens, now);
        }
        self.tokens_under_way = self.tokens_under_way.saturating_add(tokens);
        Admission::Go(Ticket { sent: self.concurrency.start(now), tokens, is_scout })
    }

    /// Admits a request beside another one of the same call.
    pub(super) fn admit_beside(&mut self, tokens: u64, now: Instant) -> Option<Ticket> {
        let others = self.others.checked_sub(OTHERS)?;
        // While the host is away, one request at a time finds out whether it is back.
        if self.circuit.is_open() {
            return None;
        }
        let Admission::Go(ticket) = self.try_admit(tokens, now) else { return None };
        self.others = others;
        Some(ticket)
    }

    pub(super) fn end(&mut self, ticket: Ticket, ending: Ending<'_>, now: Instant) -> Upshot {
        let Ticket { sent, tokens, is_scout } = ticket;
        let Ending { call, sign, error, pause, quotas } = ending;
        if let Some(pause) = pause {
            let until = now + pause;
            self.paused_until = self.paused_until.max(Some(until));
        }
        if sign != Sign::Unsent {
            let (number, last) = (sent.number(), self.concurrency.last_sent());
            self.learned.note(&quotas, Ended { number, last, tokens }, now);
        }
        let mut given_up = None;
        match sign {
            Sign::Unsent if is_scout => self.circuit.scout_dropped(),
            Sign::Unsent => {}
            Sign::Answered(used) => {
                self.circuit.answered();
                self.concurrency.answered(sent, now);
                if let (Some(rate), Some(used)) = (&mut self.tokens, used) {
                    rate.correct(tokens, used);
                }
            }
            Sign::Refused => self.circuit.answered(),
            Sign::Busy => {
                self.circuit.answered();
                self.concurrency.refused(sent);
            }
            Sign::Unwell | Sign::Nobody => {
                let found_nobody = sign == Sign::Nobody;
                if !found_nobody {
                    self.concurrency.failed(sent);
                }
                let patience = self.patience;
                let lapse = Lapse { call, was_scout: is_scout, found_nobody, error, patience };
                given_up = self.circuit.failed(lapse, now);
            }
        }
        let is_away = matches!(sign, Sign::Unwell | Sign::Nobody) && self.circuit.is_open();
        self.close(ticket);
        Upshot { is_away, given_up }
    }

    /// Takes in that a call was dropped before it ended; the server may have counted it.
    pub(super) fn drop_call(&mut self, ticket: Ticket, now: Instant) {
        let (number, last) = (ticket.sent.number(), self.concurrency.last_sent());
        let ended = Ended { number, last, tokens: ticket.tokens };
        self.learned.note(&Quotas::default(), ended, now);
        if ticket.is_scout {
            self.circuit.scout_dropped();
        }
        self.close(ticket);
    }

    /// Takes in that a call found nobody to its end; returns why the host is given up, where this decides it.
    pub(super) fn found_nobody(&mut self, now: Instant) -> Option<String> {
        self.circuit.found_nobody(now)
    }

    fn close(&mut self, ticket: Ticket) {
        self.concurrency.end();
        self.tokens_under_way = self.tokens_under_way.saturating_sub(ticket.tokens);
    }

    #[cfg(test)]
    pub(super) fn under_way(&self) -> usize {
        self.concurrency.under_way()
    }

    #[cfg(test)]
    pub(super) fn calls_at_once(&self) -> Option<usize> {
        self.concurrency.limit()
    }
}
