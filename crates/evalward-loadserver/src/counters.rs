//! What a server has seen.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::Fault;

/// What a server has seen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// All requests.
    pub requests: u64,
    /// Those that were answered as asked.
    pub answered: u64,
    /// Those that met a fault.
    pub faults: BTreeMap<Fault, u64>,
    /// The most requests at once.
    pub most_at_once: u64,
    /// Requests that came although the server had told to wait; not those that may have been on their way then.
    pub too_early: u64,
    /// How many requests asked each question, where more than one did.
    pub repeated: BTreeMap<String, u64>,
}

/// The counters while they are counted.
#[derive(Debug, Default)]
pub(crate) struct Counting(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    counters: Counters,
    at_once: u64,
    asked: BTreeMap<String, u64>,
}

impl Counting {
    /// Counts a request and returns its number.
    pub(crate) fn arrives(&self, question: &str, too_early: bool) -> u64 {
        let mut state = self.state();
        state.counters.requests += 1;
        state.counters.too_early += u64::from(too_early);
        state.at_once += 1;
        state.counters.most_at_once = state.counters.most_at_once.max(state.at_once);
        *state.asked.entry(question.to_owned()).or_default() += 1;
        state.counters.requests - 1
    }

    /// Counts the end of a request, however it ended.
    pub(crate) fn leaves(&self) {
        self.state().at_once -= 1;
    }

    /// Counts what became of a request.
    pub(crate) fn ends_with(&self, fault: Option<Fault>) {
        let mut state = self.state();
        match fault {
            None => state.counters.answered += 1,
            Some(fault) => *state.counters.faults.entry(fault).or_default() += 1,
        }
    }

    pub(crate) fn counters(&self) -> Counters {
        let state = self.state();
        let repeated = state.asked.iter().filter(|(_, count)| **count > 1);
        let repeated = repeated.map(|(question, count)| (question.clone(), *count)).collect();
        Counters { repeated, ..state.counters.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
