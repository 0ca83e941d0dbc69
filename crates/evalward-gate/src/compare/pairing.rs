//! Which examples both runs have.

use std::collections::BTreeMap;

use evalward_core::{ExampleId, Finite, Partition};

use super::{CompareError, ComparePolicy, ComparedScores, Overlap};
use crate::ExampleScores;
use crate::numbers::{count, finite, ratio};

/// An example in both runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) id: &'a ExampleId,
    pub(crate) baseline: &'a ExampleScores,
    pub(crate) candidate: &'a ExampleScores,
}

/// The examples of both runs, paired by id and content.
#[derive(Debug)]
pub(crate) struct Pairing<'a> {
    /// The pairs of each partition, in the order of their ids.
    pub(crate) pairs: BTreeMap<Partition, Vec<Pair<'a>>>,
    pub(crate) overlap: Overlap,
    /// Partitions that only one side has.
    pub(crate) unpaired_partitions: Vec<Partition>,
}

#[derive(Default)]
struct Tally {
    baseline: u64,
    candidate: u64,
    paired: u64,
}

impl Tally {
    fn smaller(&self) -> u64 {
        self.baseline.min(self.candidate)
    }

    /// Refuses where too small a share of the smaller side is paired, so that new examples never kill a baseline.
    fn check(
        &self,
        partition: Option<Partition>,
        policy: &ComparePolicy,
    ) -> Result<(), CompareError> {
        let of = self.smaller();
        if of > 0 && ratio(self.paired, of) < policy.min_overlap.get() {
            let (paired, needed) = (self.paired, policy.min_overlap.get());
            return Err(CompareError::LowOverlap { partition, paired, of, needed });
        }
        Ok(())
    }
}

/// Pairs the examples of the wanted partitions.
pub(crate) fn pair<'a>(
    baseline: &'a ComparedScores,
    candidate: &'a ComparedScores,
    policy: &ComparePolicy,
) -> Result<Pairing<'a>, CompareError> {
    let mut pairs: BTreeMap<Partition, Vec<Pair<'a>>> = BTreeMap::new();
    let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut tallies: BTreeMap<Partition, Tally> = BTreeMap::new();
    for (id, example) in &candidate.scores.examples {
        if !policy.wants_partition(example.partition) {
            continue;
        }
        let tally = tallies.entry(example.partition).or_default();
        tally.candidate += 1;
        match baseline.scores.examples.get(id) {
            None => added.push(id.clone()),
            Some(before)
                if before.hash != example.hash || before.partition != example.partition =>
            {
                changed.push(id.clone());
            }
            Some(before) => {
                tally.paired += 1;
                let pair = Pair { id, baseline: before, candidate: example };
                pairs.entry(example.partition).or_default().push(pair);
            }
        }
    }
    for (id, example) in &baseline.scores.examples {
        if policy.wants_partition(example.partition) {
            tallies.entry(example.partition).or_default().baseline += 1;
            if !candidate.scores.examples.contains_key(id) {
                removed.push(id.clone());
            }
        }
    }
    let all = tallies.values().fold(Tally::default(), |sum, tally| Tally {
        baseline: sum.baseline + tally.baseline,
        candidate: sum.candidate + tally.candidate,
        paired: sum.paired + tally.paired,
    });
    all.check(None, policy)?;
    for (partition, tally) in &tallies {
        tally.check(Some(*partition), policy)?;
    }
    if all.paired == 0 {
        return Err(CompareError::Nothing("no example is in both runs".to_owned()));
    }
    let share = finite(ratio(all.paired, all.smaller())).unwrap_or(Finite::ONE);
    let unpaired_partitions = tallies
        .iter()
        .filter(|(_, tally)| tally.paired == 0)
        .map(|(partition, _)| *partition)
        .collect();
    let overlap = Overlap { paired: all.paired, share, added, removed, changed };
    debug_assert_eq!(count(pairs.values().map(Vec::len).sum()), overlap.paired);
    Ok(Pairing { pairs, overlap, unpaired_partitions })
}
