//! What is known of a recorded run.

use std::collections::BTreeMap;

use evalward_core::{Partition, RunManifest, Timestamp};
use evalward_gate::{Counts, Estimate, PartitionSummary, Summary};

/// A recorded run.
#[derive(Clone, Debug)]
pub struct HistoryRun {
    /// What it was made of.
    pub manifest: RunManifest,
    /// When it ended.
    pub finished_at: Timestamp,
    /// `holds`, `failed`, `incomplete` or `inconclusive`.
    pub decision: String,
    /// The number of examples by outcome.
    pub counts: BTreeMap<Partition, Counts>,
    /// What it came to in full.
    pub summary: RecordedSummary,
}

/// The summary of a recorded run.
#[derive(Clone, Debug)]
pub enum RecordedSummary {
    /// None was recorded, which an older evalward did not do.
    Absent,
    /// This evalward cannot read it, as a newer one may have written it.
    Unreadable,
    /// The summary.
    Read(Box<Summary>),
}

impl HistoryRun {
    /// Returns what it came to, where that is known in full.
    pub const fn summary(&self) -> Option<&Summary> {
        match &self.summary {
            RecordedSummary::Read(summary) => Some(summary),
            RecordedSummary::Absent | RecordedSummary::Unreadable => None,
        }
    }

    /// Returns what a partition came to, where that is known in full.
    pub fn partition(&self, partition: Partition) -> Option<&PartitionSummary> {
        self.summary()?.partitions.get(&partition)
    }

    /// Returns the pass rate of a partition with the interval that the run states.
    pub fn pass_rate(&self, partition: Partition) -> Option<&Estimate> {
        self.partition(partition)?.pass_rate.as_ref()
    }

    /// Returns the pass rate of a partition; absent where no example was evaluated.
    pub fn rate(&self, partition: Partition) -> Option<f64> {
        if let Some(rate) = self.pass_rate(partition) {
            return Some(rate.value.get());
        }
        let counts = self.counts.get(&partition)?;
        (counts.evaluated() > 0).then(|| float(counts.passed) / float(counts.evaluated()))
    }
}

/// Returns a count of examples as a number; beyond 2^32 all are alike.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
