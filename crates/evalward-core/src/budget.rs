//! What a run may take: time, calls, tokens and money.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Finite, Partition, Spent};

/// The limits of a run; where one is not given, there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The wall time of each partition, from its first call to its last.
    pub partitions: BTreeMap<Partition, Duration>,
    /// The wall time of the whole run.
    pub total: Option<Duration>,
    /// The number of requests to models and applications, repeated attempts included.
    pub calls: Option<u64>,
    /// The tokens of requests and answers.
    pub tokens: Option<u64>,
    /// The price in US dollars.
    pub cost_usd: Option<Finite>,
}

impl Budget {
    /// Returns which budget of calls, tokens or money is used up, with the key of a suite that sets it.
    pub fn overspent(&self, spent: Spent) -> Option<String> {
        if let Some(limit) = self.calls.filter(|limit| spent.calls >= *limit) {
            return Some(format!("{limit} calls (`budget.calls`)"));
        }
        if let Some(limit) = self.tokens.filter(|limit| spent.tokens >= *limit) {
            return Some(format!("{limit} tokens (`budget.tokens`)"));
        }
        let limit = self.cost_usd.filter(|limit| spent.cost_usd >= limit.get())?;
        Some(format!("${:.2} (`budget.cost_usd`)", limit.get()))
    }
}
