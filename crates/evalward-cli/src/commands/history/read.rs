//! Reading recorded runs.

use evalward_config::BASE;
use evalward_core::{RunId, TrialScores};
use evalward_gate::Counts;
use evalward_report::history::{HistoryRun, RecordedSummary};
use evalward_store::{PartitionCounts, RunFilter, RunRecord, StoreError};
use tokio::runtime::Builder;

use super::HistoryArgs;
use super::record::open;
use crate::error::CliError;

/// What the store has of what was asked for.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// The runs, the oldest first.
    pub(super) runs: Vec<RunRecord>,
    /// The trials of the example that was asked for.
    pub(super) trials: Vec<TrialScores>,
}

/// Reads the runs that the arguments ask for.
pub(super) fn read(args: &HistoryArgs, url: &str) -> Result<Recorded, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let variant = args.variant.as_deref().map(|it| if it == BASE { "" } else { it });
    let filter = RunFilter { suite: args.suite.as_deref(), variant };
    let read = async {
        let store = open(url).await?;
        let found = async {
            let runs = store.runs(filter, args.limit.get()).await?;
            let ids: Vec<&RunId> = runs.iter().map(|run| &run.manifest.run_id).collect();
            let trials = match &args.example {
                Some(example) => store.scores_of_example(example, &ids).await?,
                None => Vec::new(),
            };
            Ok(Recorded { runs, trials })
        };
        let found = found.await;
        store.close().await?;
        found
    };
    runtime.block_on(read).map_err(|error: StoreError| CliError::failed_to(error))
}

/// Returns a recorded run as reports know it.
pub(super) fn as_shown(record: &RunRecord) -> HistoryRun {
    let counts = |it: &PartitionCounts| Counts {
        total: it.passed + it.failed + it.errored + it.skipped,
        passed: it.passed,
        failed: it.failed,
        errored: it.errored,
        skipped: it.skipped,
        unfinished: 0,
    };
    HistoryRun {
        manifest: record.manifest.clone(),
        finished_at: record.finished_at,
        decision: record.decision.clone(),
        counts: record.partitions.iter().map(|(name, it)| (*name, counts(it))).collect(),
        summary: match &record.summary {
            None => RecordedSummary::Absent,
            Some(text) => serde_json::from_str(text)
                .map_or(RecordedSummary::Unreadable, |it| RecordedSummary::Read(Box::new(it))),
        },
    }
}
