//! Pairs of labels, counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::numbers::float;

/// The number of different labels beyond which there are no figures.
const MOST_LABELS: usize = 1000;
/// The number of different pairs beyond which there are no figures.
const MOST_PAIRS: usize = 100_000;

/// How often each pair of a right and a given label occurred, in bounded memory.
#[derive(Debug, Default)]
pub(crate) struct LabelTally {
    /// The labels that occur on either side.
    pub(super) labels: BTreeSet<String>,
    pub(super) pairs: BTreeMap<(String, Option<String>), u64>,
    /// The number of scores by what is independent.
    units: BTreeMap<u64, u64>,
}

impl LabelTally {
    /// Counts a pair, or says why there are too many different ones.
    pub(super) fn push(
        &mut self,
        expected: &str,
        predicted: Option<&str>,
        unit: u64,
    ) -> Result<(), String> {
        for label in [Some(expected), predicted].into_iter().flatten() {
            if !self.labels.contains(label) {
                self.labels.insert(label.to_owned());
            }
        }
        let pair = (expected.to_owned(), predicted.map(str::to_owned));
        *self.pairs.entry(pair).or_default() += 1;
        *self.units.entry(unit).or_default() += 1;
        if self.labels.len() > MOST_LABELS || self.pairs.len() > MOST_PAIRS {
            return Err(format!(
                "there are more than {MOST_LABELS} different labels or {MOST_PAIRS} pairs of them, which is the limit"
            ));
        }
        Ok(())
    }

    /// Returns the number of scores and, by Kish, how many independent ones they are worth.
    pub(super) fn sizes(&self) -> (u64, f64) {
        let n = self.pairs.values().sum::<u64>();
        let squares: f64 = self.units.values().map(|size| float(*size) * float(*size)).sum();
        (n, float(n) * float(n) / squares)
    }
}
