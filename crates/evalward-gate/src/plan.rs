//! What a run set out to do.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{BaselineStamp, GatePolicy, Partition, RunManifest};

use crate::{Baseline, PlannedJudges};

/// What a run set out to do: how many examples each partition must have, and which gates decide.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the run")]
pub struct Plan {
    /// The number of examples that each partition must have.
    pub expected: BTreeMap<Partition, u64>,
    /// The number of trials that each example must have.
    pub repeats: NonZeroU32,
    /// The gates.
    pub gates: BTreeMap<Partition, GatePolicy>,
    /// Whether whole partitions were asked for; a hand-picked selection is judged example by example instead of by rates.
    pub whole: bool,
    /// The baselines that the run was started with, by their paths in the gates.
    pub stamps: BTreeMap<String, BaselineStamp>,
    /// Those baselines themselves; a gate whose baseline has a stamp and is not here cannot be judged.
    pub baselines: BTreeMap<String, Baseline>,
    /// The judges that decide.
    pub judges: PlannedJudges,
    /// Metrics whose judges lost their word, with the reasons.
    pub suspended: BTreeMap<String, String>,
    /// Whether judges were probed and what the probes showed was never evaluated, so that a swayed one may decide.
    pub unprobed: bool,
    /// Whether the rows are those of one shard, which decides nothing.
    pub is_shard: bool,
    /// Whether the run ended at its first failure.
    pub fail_fast: bool,
    /// Whether what is reported beside a comparison is computed; it decides nothing.
    pub companions: bool,
}

impl Plan {
    /// Makes the plan of a run over whole partitions, each example once.
    pub fn new(
        expected: impl IntoIterator<Item = (Partition, u64)>,
        gates: impl IntoIterator<Item = (Partition, GatePolicy)>,
    ) -> Self {
        Self {
            expected: expected.into_iter().collect(),
            repeats: NonZeroU32::MIN,
            gates: gates.into_iter().collect(),
            whole: true,
            stamps: BTreeMap::new(),
            baselines: BTreeMap::new(),
            judges: PlannedJudges::default(),
            suspended: BTreeMap::new(),
            unprobed: false,
            is_shard: false,
            fail_fast: false,
            companions: true,
        }
    }

    /// Adds the baselines that gates are judged by.
    #[must_use]
    pub fn with_baselines(mut self, baselines: BTreeMap<String, Baseline>) -> Self {
        self.baselines = baselines;
        self
    }

    /// Returns whether a gate compares with a baseline, so that the scores of each example are needed.
    pub(crate) fn compares(&self) -> bool {
        self.whole && self.gates.values().any(|policy| policy.no_worse_than.is_some())
    }
}

impl From<&RunManifest> for Plan {
    fn from(manifest: &RunManifest) -> Self {
        Self {
            expected: manifest.dataset.selected.clone(),
            repeats: manifest.repeats,
            gates: manifest.gates.clone(),
            whole: !manifest.selection.is_hand_picked(),
            stamps: manifest.baselines.clone(),
            baselines: BTreeMap::new(),
            judges: manifest.into(),
            suspended: manifest
                .metrics
                .iter()
                .filter_map(|(id, stamp)| Some((id.clone(), stamp.suspended.clone()?)))
                .collect(),
            unprobed: false,
            is_shard: manifest.selection.shard.is_some(),
            fail_fast: manifest.fail_fast,
            companions: true,
        }
    }
}
