//! Recording runs and calibrations. The files are the truth: a store that fails or is slow is a note, and nothing more.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use evalward_core::Timestamp;
use evalward_gate::{Counts, Summary};
use evalward_runs::StoredRun;
use evalward_store::{
    CalibrationRecord, PartitionCounts, RunRecord, Store, StoreError, StoreOptions,
};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::context::Context;
use crate::error::CliError;

/// How long a run may wait for its record at most; a run is never kept from ending.
const RECORD_WITHIN: Duration = Duration::from_secs(3);

/// Of so many runs of a suite the scores of single examples are kept.
const RUNS_WITH_SCORES: u32 = 100;

/// The file of the store, beside the folder of the runs.
const STORE_FILE: &str = "evalward.db";

/// Records a run and the scores of its examples, as far as that is done within `limit`; the error is what a note says.
pub(super) fn record(
    stored: &StoredRun,
    summary: &Summary,
    finished_at: Timestamp,
    url: &str,
    limit: Option<Duration>,
) -> Result<(), String> {
    let manifest = stored.manifest();
    let (run, suite) = (&manifest.run_id, manifest.suite.name.as_str());
    let entry = entry(stored, summary, finished_at);
    let is_recorded = Cell::new(false);
    let write = async {
        let store = open(url).await.map_err(CliError::failed_to)?;
        let recorded = async {
            store.record_run(&entry).await.map_err(CliError::failed_to)?;
            is_recorded.set(true);
            let rows = stored.score_rows()?;
            store.record_scores(run, rows).await.map_err(CliError::failed_to)?;
            store.prune_scores(suite, RUNS_WITH_SCORES).await.map_err(CliError::failed_to)
        };
        let recorded = recorded.await;
        store.close().await.map_err(CliError::failed_to)?;
        recorded
    };
    within(limit, write).map_err(|problem| {
        if is_recorded.get() {
            format!(
                "the history has the run without the scores of its examples: {problem}; `evalward history --add {run}` adds them"
            )
        } else {
            format!("the run is not in the history: {problem}; `evalward history --add {run}` adds it")
        }
    })
}

/// Waits for the store, at most for `limit`.
fn within(
    limit: Option<Duration>,
    write: impl Future<Output = Result<(), CliError>>,
) -> Result<(), String> {
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let written = runtime.block_on(async {
        match limit {
            Some(limit) => timeout(limit, write).await.map_err(|_| limit.as_secs()),
            None => Ok(write.await),
        }
    });
    // A thread that waits for a locked file is not waited for.
    runtime.shutdown_background();
    match written {
        Ok(written) => written.map_err(|error| error.in_one_line()),
        Err(seconds) => Err(format!("the store was not done within {seconds} s")),
    }
}

fn entry(stored: &StoredRun, summary: &Summary, finished_at: Timestamp) -> RunRecord {
    let counts = |counts: Counts| PartitionCounts {
        passed: counts.passed,
        failed: counts.failed,
        errored: counts.errored,
        skipped: counts.skipped,
    };
    let partitions = summary.partitions.iter();
    let decision = serde_json::to_value(summary.decision).ok();
    RunRecord {
        manifest: stored.manifest().clone(),
        finished_at,
        decision: decision.as_ref().and_then(|it| it.as_str()).unwrap_or_default().to_owned(),
        exit_code: summary.exit_code,
        partitions: partitions.map(|(name, summary)| (*name, counts(summary.counts))).collect(),
        summary: serde_json::to_string(summary).ok(),
        score_rows: None,
    }
}

impl Context {
    /// Records a run that ended just now; what goes wrong is a warning.
    pub(crate) fn record_run(&mut self, stored: &StoredRun, summary: &Summary) {
        // A shard is no point of a trend; the run that shards make is.
        if stored.manifest().selection.shard.is_some() {
            return;
        }
        let (url, now) = (store_url(self), self.clock.now());
        if let Err(problem) = record(stored, summary, now, &url, Some(RECORD_WITHIN)) {
            self.note(&format!("warning: {problem}"));
        }
    }
}

/// Records a calibration of a judge; what goes wrong is a note, since the calibration itself is in its file.
pub(crate) fn record_calibration(
    record: &CalibrationRecord,
    context: &Context,
) -> Result<(), String> {
    let url = store_url(context);
    if let Some(folder) = url.strip_prefix("sqlite://").and_then(|file| Path::new(file).parent()) {
        // Where no run was made yet, the folder is not there either.
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    let write = async {
        let store = open(&url).await.map_err(CliError::failed_to)?;
        let recorded = store.record_calibration(record).await;
        store.close().await.map_err(CliError::failed_to)?;
        recorded.map_err(CliError::failed_to)
    };
    within(Some(RECORD_WITHIN), write)
}

/// Returns where runs are recorded.
pub(super) fn store_url(context: &Context) -> String {
    context.variable("EVALWARD_DATABASE_URL").unwrap_or_else(|| {
        let beside = context.runs.folder().parent().unwrap_or_else(|| Path::new(""));
        Store::url_of_file(&beside.join(STORE_FILE))
    })
}

/// Opens a store with one connection.
pub(super) async fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(url, StoreOptions { connections: NonZeroU32::MIN, ..StoreOptions::default() }).await
}
