//! The history for machines.

use evalward_core::Partition;
use evalward_store::{PartitionCounts, RunRecord};
use serde::Serialize;

use crate::commands::print_json;
use crate::context::Context;
use crate::error::CliError;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// What `--format json` writes.
#[derive(Serialize)]
struct Output {
    version: u32,
    runs: Vec<Row>,
}

/// A run in the history.
#[derive(Serialize)]
struct Row {
    run_id: String,
    suite: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    tier: String,
    started_at: String,
    finished_at: String,
    decision: String,
    exit_code: u8,
    partitions: Vec<PartitionRow>,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_version: Option<String>,
    dataset: String,
    dataset_hash: String,
}

/// What became of the examples of a partition.
#[derive(Serialize)]
struct PartitionRow {
    partition: Partition,
    passed: u64,
    failed: u64,
    errored: u64,
    skipped: u64,
    /// The share of evaluated examples that passed; absent where none was evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass_rate: Option<f64>,
}

/// Prints runs as one JSON object.
pub(super) fn print(runs: &[RunRecord], context: &mut Context) -> Result<(), CliError> {
    let runs = runs.iter().map(Row::of).collect();
    print_json(&Output { version: JSON_VERSION, runs }, context)
}

/// Returns the share of evaluated examples that passed, where one was evaluated.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of examples stay far below 2^53"
)]
pub(super) fn rate(counts: PartitionCounts) -> Option<f64> {
    let evaluated = counts.passed + counts.failed;
    (evaluated > 0).then(|| counts.passed as f64 / evaluated as f64)
}

impl Row {
    fn of(run: &RunRecord) -> Self {
        let RunRecord { manifest, finished_at, decision, exit_code, partitions, .. } = run;
        let partition = |(partition, counts): (&Partition, &PartitionCounts)| PartitionRow {
            partition: *partition,
            passed: counts.passed,
            failed: counts.failed,
            errored: counts.errored,
            skipped: counts.skipped,
            pass_rate: rate(*counts),
        };
        Self {
            run_id: manifest.run_id.to_string(),
            suite: manifest.suite.name.clone(),
            variant: manifest.suite.variant.clone(),
            tier: manifest.suite.tier.clone(),
            started_at: manifest.started_at.to_string(),
            finished_at: finished_at.to_string(),
            decision: decision.clone(),
            exit_code: *exit_code,
            partitions: partitions.iter().map(partition).collect(),
            subject: manifest.subject.name.clone(),
            prompt_version: manifest.subject.prompt_version.clone(),
            dataset: manifest.dataset.name.clone(),
            dataset_hash: manifest.dataset.hash.to_string(),
        }
    }
}
