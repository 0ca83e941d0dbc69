//! The history of offline runs.

use std::collections::BTreeMap;

use evalward_core::{Partition, RunManifest, Timestamp};
use serde::{Deserialize, Serialize};

use crate::codec::{from_json, to_json};
use crate::database::in_transaction;
use crate::value::{Row, corrupt, values};
use crate::{Store, StoreError, sql};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
        let manifest = to_json("manifest", &run.manifest)?;
        let partitions = to_json("partitions", &run.partitions)?;
        in_transaction!(self.database(), "record a run", transaction => {
            let values = values![
                run.manifest.run_id.as_str(),
                &run.manifest.suite.name,
                run.manifest.started_at,
                run.finished_at,
                &run.decision,
                u32::from(run.exit_code),
                &manifest,
                &partitions,
            ];
            transaction.execute(sql::run::RECORD, values).await.map(drop)
        })
    }

    /// Lists the newest `limit` runs, the oldest first; those of one suite where a name is given.
    pub async fn runs(
        &self,
        suite: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, StoreError> {
        let mut connection = self.database().read("list runs").await?;
        let rows = match suite {
            Some(suite) => connection.rows(sql::run::LIST_OF_SUITE, values![suite, limit]).await?,
            None => connection.rows(sql::run::LIST, values![limit]).await?,
        };
        rows.iter().rev().map(read).collect()
    }
}

fn read(row: &Row) -> Result<RunRecord, StoreError> {
    let exit_code = row.integer("exit_code")?;
    Ok(RunRecord {
        manifest: from_json("manifest", &row.text("manifest")?)?,
        finished_at: row.moment("finished_at")?,
        decision: row.text("decision")?,
        exit_code: u8::try_from(exit_code).map_err(|error| corrupt("exit_code", &error))?,
        partitions: from_json("partitions", &row.text("partitions")?)?,
    })
}
