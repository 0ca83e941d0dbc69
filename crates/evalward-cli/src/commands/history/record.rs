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

/// How long a run may wait for its record at most, and for the scores of old runs to be taken out: it is never kept from ending.
const OF_A_RUN: Limits = Limits { record: Duration::from_secs(3), prune: Duration::from_secs(3) };

/// Of so many runs of a suite the scores of single examples are kept.
const RUNS_WITH_SCORES: u32 = 100;

/// So many rows are taken out at once; what is taken out stays so when the time is over.
const ROWS_AT_ONCE: u32 = 4096;

/// What the store keeps of its file in memory, in KiB. Most of its work is to write a run's rows once, which gains little from more:
/// 100,000 of them take as long where ids come in order, and a quarter of a second longer where they do not.
const CACHE_KIB: u32 = 2048;

/// The file of the store, beside the folder of the runs.
const STORE_FILE: &str = "evalward.db";

/// How long the parts of recording a run may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    record: Duration,
    prune: Duration,
}

/// What the history has of a run.
#[derive(Debug)]
pub(super) struct Recorded {
    /// Whether the scores of its examples are there; not where so many newer runs of its suite have scores that its own would be
    /// taken out again.
    pub(super) with_scores: bool,
    /// What kept the scores of older runs from being taken out.
    pub(super) not_pruned: Option<CliError>,
}

/// What kept a run from being recorded in full.
#[derive(Debug)]
pub(super) struct NotRecorded {
    /// The problem.
    pub(super) problem: CliError,
    /// Whether the history has the run, so that only the scores of its examples are missing.
    pub(super) has_run: bool,
}

/// Records a run and the scores of its examples, and takes the scores from its suite's older runs, as far as that is done within
/// `limits`.
pub(super) fn record(
    stored: &StoredRun,
    summary: &Summary,
    finished_at: Timestamp,
    url: &str,
    limits: Option<Limits>,
) -> Result<Recorded, NotRecorded> {
    let manifest = stored.manifest();
    let entry = entry(stored, summary, finished_at);
    let has_run = Cell::new(false);
    let write = async |store: &Store| {
        store.record_run(&entry).await.map_err(failed)?;
        has_run.set(true);
        let newer = store.newer_runs_with_scores(manifest).await.map_err(failed)?;
        if newer >= u64::from(RUNS_WITH_SCORES) {
            return Ok(false);
        }
        store.record_scores(&manifest.run_id, stored.score_rows()?).await.map_err(failed)?;
        Ok(true)
    };
    let recorded = on_a_runtime(async {
        let written = within(limits.map(|it| it.record), async {
            let store = open(url).await.map_err(failed)?;
            match write(&store).await {
                Ok(with_scores) => Ok((store, with_scores)),
                Err(problem) => {
                    store.close().await.map_err(failed)?;
                    Err(problem)
                }
            }
        });
        let (store, with_scores) = written.await?;
        let pruned = prune(&store, &manifest.suite.name, limits.map(|it| it.prune)).await;
        Ok(Recorded { with_scores, not_pruned: pruned.err() })
    });
    recorded.map_err(|problem| NotRecorded { problem, has_run: has_run.get() })
}

/// Takes the scores from a suite's older runs piece by piece, and closes the store.
async fn prune(store: &Store, suite: &str, limit: Option<Duration>) -> Result<(), CliError> {
    let is_a_piece_done = Cell::new(false);
    let pruned = within(limit, async {
        loop {
            let taken = store.prune_scores(suite, RUNS_WITH_SCORES, ROWS_AT_ONCE).await;
            let taken = taken.map_err(failed)?;
            is_a_piece_done.set(true);
            if taken == 0 {
                return store.close().await.map_err(failed);
            }
        }
    });
    let pruned = pruned.await;
    // Each piece is for good, and what is left is taken out after the next run.
    if is_a_piece_done.get() { Ok(()) } else { pruned }
}

/// Makes an error of a store that fails; only a URL that names none is wrong input.
fn failed(error: StoreError) -> CliError {
    match error {
        StoreError::Url { .. } => CliError::failed_to(error),
        _ => CliError::unable_to(error),
    }
}

/// Does what the store is asked for, on a runtime of its own.
fn on_a_runtime<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // A thread that waits for a locked file is not waited for.
    runtime.shutdown_background();
    done
}

/// Waits for the store, at most for `limit`.
async fn within<T>(
    limit: Option<Duration>,
    work: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    let Some(limit) = limit else { return work.await };
    timeout(limit, work).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs();
        Err(CliError::incomplete(format!("the store was not done within {seconds} s")))
    })
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
        let run = &stored.manifest().run_id;
        match record(stored, summary, now, &url, Some(OF_A_RUN)) {
            Ok(Recorded { with_scores, not_pruned }) => {
                if !with_scores {
                    self.note(&format!("the history has the run {}", too_old()));
                }
                if let Some(problem) = not_pruned {
                    self.note(&prune_warning(&problem));
                }
            }
            Err(NotRecorded { problem, has_run }) => {
                let problem = problem.in_one_line();
                let (what, them) = if has_run {
                    ("the history has the run without the scores of its examples", "them")
                } else {
                    ("the run is not in the history", "it")
                };
                self.note(&format!(
                    "warning: {what}: {problem}; `evalward history --add {run}` adds {them}"
                ));
            }
        }
    }
}

/// Says why the history has a run alone.
pub(super) fn too_old() -> String {
    format!(
        "without the scores of its examples, which are kept of the {RUNS_WITH_SCORES} newest runs of a suite"
    )
}

/// Says that the scores of old runs are still there.
pub(super) fn prune_warning(problem: &CliError) -> String {
    format!(
        "warning: the scores of older runs are still in the history: {}; the next run takes them out",
        problem.in_one_line()
    )
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
    on_a_runtime(within(Some(OF_A_RUN.record), write)).map_err(|problem| problem.in_one_line())
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
    let options = StoreOptions {
        connections: NonZeroU32::MIN,
        cache_kib: NonZeroU32::new(CACHE_KIB).unwrap_or(NonZeroU32::MIN),
        ..StoreOptions::default()
    };
    Store::open(url, options).await
}
