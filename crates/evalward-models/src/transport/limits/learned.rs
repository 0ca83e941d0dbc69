//! What a server says is left of its limits.

use std::time::Duration;

use tokio::time::Instant;

use super::headers::{Quota, Quotas};

/// A longer wait than this is not believed: the server may say so itself, with a refusal.
const LONGEST: Duration = Duration::from_mins(1);

/// What is left until when, by the answers so far.
#[derive(Debug, Default)]
pub(super) struct Learned {
    calls: Option<Left>,
    tokens: Option<Left>,
}

#[derive(Clone, Copy, Debug)]
struct Left {
    units: u64,
    until: Instant,
    /// The last call that was sent before this was known: answers of later calls are newer, those of earlier ones may be older.
    known_at: u64,
}

/// A call that has ended, among the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    /// Its number.
    pub(super) number: u64,
    /// The number of the call that was sent last.
    pub(super) last: u64,
    pub(super) tokens: u64,
}

/// What is under way, of which the server may not know yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnderWay {
    pub(super) calls: u64,
    pub(super) tokens: u64,
}

impl Learned {
    /// Takes in what an answer says; one that says nothing of a limit counts as taken off it.
    pub(super) fn note(&mut self, quotas: &Quotas, ended: Ended, now: Instant) {
        note(&mut self.calls, quotas.calls, ended, 1, now);
        note(&mut self.tokens, quotas.tokens, ended, ended.tokens, now);
    }

    /// Returns from when on a call may be sent; `None` where it may now.
    pub(super) fn ready_at(&self, tokens: u64, under_way: UnderWay) -> Option<Instant> {
        let until = |left: &Option<Left>, wanted: u64| {
            left.filter(|left| left.units < wanted).map(|left| left.until)
        };
        let calls = until(&self.calls, under_way.calls.saturating_add(1));
        let tokens = until(&self.tokens, under_way.tokens.saturating_add(tokens.max(1)));
        calls.max(tokens)
    }
}

fn note(left: &mut Option<Left>, quota: Option<Quota>, ended: Ended, units: u64, now: Instant) {
    let current = left.take().filter(|left| now < left.until);
    let told = quota.filter(|quota| quota.reset <= LONGEST).map(|quota| Left {
        units: quota.remaining,
        until: now + quota.reset,
        known_at: ended.last,
    });
    *left = match (current, told) {
        (Some(current), Some(told)) => {
            let is_newer = ended.number > current.known_at || told.units < current.units;
            Some(if is_newer { told } else { current })
        }
        (Some(current), None) => {
            Some(Left { units: current.units.saturating_sub(units), ..current })
        }
        (None, told) => told,
    };
}
