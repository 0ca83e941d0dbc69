//! Rows that share a cause, told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use evalward_core::ExampleId;

use crate::text::shorten;

/// How many different causes are kept apart; the rest is only counted.
const MAX_CAUSES: usize = 50;
/// How many ids are kept for a cause.
const MAX_IDS: usize = 3;
/// How many characters of a cause are kept.
const MAX_CHARACTERS: usize = 500;

/// Groups rows by equal cause in bounded memory.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    groups: BTreeMap<String, Group>,
    others: u64,
}

#[derive(Debug, Default)]
struct Group {
    count: u64,
    ids: Vec<String>,
}

/// A cause, the number of its rows and the ids of the first.
#[derive(Debug)]
pub(crate) struct Cause {
    pub(crate) text: String,
    pub(crate) count: u64,
    pub(crate) ids: Vec<String>,
}

impl Causes {
    pub(crate) fn add(&mut self, cause: &str, id: &ExampleId) {
        let cause = shorten(cause, MAX_CHARACTERS);
        if self.groups.len() == MAX_CAUSES && !self.groups.contains_key(cause.as_ref()) {
            self.others += 1;
            return;
        }
        let group = self.groups.entry(cause.into_owned()).or_default();
        group.count += 1;
        if group.ids.len() < MAX_IDS {
            group.ids.push(id.to_string());
        }
    }

    /// Returns the causes, the most frequent first, and the number of rows with yet other causes.
    pub(crate) fn into_ranked(self) -> (Vec<Cause>, u64) {
        let mut causes: Vec<Cause> = self
            .groups
            .into_iter()
            .map(|(text, group)| Cause { text, count: group.count, ids: group.ids })
            .collect();
        causes.sort_by_key(|cause| Reverse(cause.count));
        (causes, self.others)
    }
}

impl Cause {
    /// Returns `a-1, a-2, a-3 and 4 more`.
    pub(crate) fn id_list(&self, quote: impl Fn(&str) -> String) -> String {
        let ids: Vec<String> = self.ids.iter().map(|id| quote(id)).collect();
        let named = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        match self.count.saturating_sub(named) {
            0 => ids.join(", "),
            more => format!("{} and {more} more", ids.join(", ")),
        }
    }
}
