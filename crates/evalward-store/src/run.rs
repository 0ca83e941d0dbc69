//! The history of offline runs.

use std::collections::BTreeMap;

use evalward_core::{Partition, RunManifest, Timestamp};

use crate::{Store, StoreError};

/// A run of a suite, as history shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// What it was made of.
    pub manifest: RunManifest,
    /// When it ended.
    pub finished_at: Timestamp,
    /// `holds`, `failed`, `incomplete` or `inconclusive`.
    pub decision: String,
    /// The exit code.
    pub exit_code: u8,
    /// What became of the examples, by partition.
    pub partitions: BTreeMap<Partition, PartitionCounts>,
}

/// What became of the examples of a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartitionCounts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Errored.
    pub errored: u64,
    /// Skipped.
    pub skipped: u64,
}

impl Store {
    /// Records a run; recording it again replaces it.
    pub async fn record_run(&self, run: &RunRecord) -> Result<(), StoreError> {
        let _ = run;
        todo!()
    }

    /// Lists the newest `limit` runs, the oldest first; those of one suite where a name is given.
    pub async fn runs(
        &self,
        suite: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, StoreError> {
        let _ = (suite, limit);
        todo!()
    }
}
