//! What a run spends, counted where calls are made, and whether an endpoint is down for good.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::{Finite, Usage};

/// Counts requests, tokens and money of all clients of a run; clones share the counts.
///
/// An answer from a cache or a recording costs nothing and is not counted.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    spent: Mutex<Spent>,
    outage: OnceLock<String>,
}

/// What was spent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// The number of requests to models and applications, repeated attempts included.
    pub calls: u64,
    /// The tokens of requests and answers, where answers told them.
    pub tokens: u64,
    /// The price in US dollars, where it is known.
    pub cost_usd: f64,
}

impl Meter {
    /// Counts a request.
    pub fn count_call(&self) {
        let mut spent = self.0.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.calls = spent.calls.saturating_add(1);
    }

    /// Counts what an answer took.
    pub fn count_usage(&self, usage: &Usage) {
        let mut spent = self.0.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens =
            usage.input_tokens.unwrap_or(0).saturating_add(usage.output_tokens.unwrap_or(0));
        spent.tokens = spent.tokens.saturating_add(tokens);
        // A negative price would lend what nobody has.
        spent.cost_usd += usage.cost_usd.map_or(0.0, Finite::get).max(0.0);
    }

    /// Returns what was spent so far.
    pub fn spent(&self) -> Spent {
        *self.0.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that an endpoint will not answer any more, so that going on is pointless; the first one is kept.
    pub fn report_outage(&self, reason: impl Into<String>) {
        self.0.outage.get_or_init(|| reason.into());
    }

    /// Returns why going on is pointless, once it is.
    pub fn outage(&self) -> Option<&str> {
        self.0.outage.get().map(String::as_str)
    }
}
