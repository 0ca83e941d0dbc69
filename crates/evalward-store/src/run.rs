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
    /// The summary as JSON, in the form of the run's folder; absent where an older evalward recorded the run.
    pub summary: Option<String>,
    /// The number of trials whose scores are kept, which [`Store::record_scores`] writes; absent where none are.
    pub score_rows: Option<u64>,
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

/// Which recorded runs are meant; all of them by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunFilter<'a> {
    /// Those of the suite of this name, its variants among them.
    pub suite: Option<&'a str>,
    /// Those of the variant of this name; an empty name means the runs of a suite itself.
    pub variant: Option<&'a str>,
}

impl Store {
    /// Records a run; recording it again replaces it, and the scores of its trials are to be recorded again, too.
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
                run.summary.as_deref(),
            ];
            transaction.execute(sql::run::RECORD, values).await?;
            // Rows of the record before would be found beside a run that has none.
            transaction.execute(sql::run_score::DELETE, values![run.manifest.run_id.as_str()]).await.map(drop)
        })
    }

    /// Lists the newest `limit` of the runs that are meant, the oldest first.
    pub async fn runs(
        &self,
        filter: RunFilter<'_>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, StoreError> {
        let mut connection = self.database().read("list runs").await?;
        let rows = connection.newest_runs(limit, filter.suite, filter.variant).await?;
        rows.iter().rev().map(read).collect()
    }
}

fn read(row: &Row) -> Result<RunRecord, StoreError> {
    let exit_code = row.integer("exit_code")?;
    let score_rows = row.optional_integer("score_rows")?.map(u64::try_from).transpose();
    Ok(RunRecord {
        manifest: from_json("manifest", &row.text("manifest")?)?,
        finished_at: row.moment("finished_at")?,
        decision: row.text("decision")?,
        exit_code: u8::try_from(exit_code).map_err(|error| corrupt("exit_code", &error))?,
        partitions: from_json("partitions", &row.text("partitions")?)?,
        summary: row.optional_text("summary")?,
        score_rows: score_rows.map_err(|error| corrupt("score_rows", &error))?,
    })
}
