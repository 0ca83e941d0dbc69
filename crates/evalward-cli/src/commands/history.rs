//! `evalward history`, and the record that `evalward run` leaves for it.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use evalward_core::{Clock, Partition, visible};
use evalward_gate::Summary;
use evalward_runs::StoredRun;
use evalward_store::{
    CalibrationRecord, PartitionCounts, RunRecord, Store, StoreError, StoreOptions,
};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use super::output::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// How long a run may wait for its record at most; a run is never kept from ending.
const RECORD_WITHIN: Duration = Duration::from_secs(3);

/// The file of the store, beside the folder of the runs.
const STORE_FILE: &str = "evalward.db";

/// The arguments of `evalward history`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward history
  evalward history support-assistant --limit 50
  evalward history --format json

Every finished run is recorded: in the file evalward.db beside the folder of the runs, or in the
database that EVALWARD_DATABASE_URL names.")]
pub(crate) struct HistoryArgs {
    /// The suite's name [default: all suites].
    suite: Option<String>,
    /// The most runs to list; the newest are kept.
    #[arg(long, value_name = "N", default_value = "20")]
    limit: NonZeroU32,
    /// The store: `sqlite://FILE` or `postgres://...` [default: `EVALWARD_DATABASE_URL`, else the file beside the runs].
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

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

/// Lists recorded runs.
pub(crate) fn run(args: &HistoryArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let url = match &args.store {
        Some(url) => url.clone(),
        None => store_url(context),
    };
    let is_missing = url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    if is_missing && args.store.is_some() {
        let problem = format!("failed to open the store `{url}`: there is no such file");
        return Err(CliError::input(problem));
    }
    let runs = if is_missing {
        Vec::new()
    } else {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let limit = args.limit.get();
        runtime.block_on(read(&url, args.suite.as_deref(), limit)).map_err(CliError::failed_to)?
    };
    match args.format {
        OutputFormat::Json => {
            let runs = runs.iter().map(Row::of).collect();
            print_json(&Output { version: JSON_VERSION, runs }, context)?;
        }
        OutputFormat::Text if runs.is_empty() => {
            let of = args.suite.as_ref().map(|suite| format!(" of suite `{suite}`"));
            context.note(&format!("no run{} is recorded yet", of.unwrap_or_default()));
        }
        OutputFormat::Text => print_text(&runs, context)?,
    }
    Ok(ExitStatus::Success)
}

async fn read(url: &str, suite: Option<&str>, limit: u32) -> Result<Vec<RunRecord>, StoreError> {
    let store = open(url).await?;
    let runs = store.runs(suite, limit).await;
    store.close().await?;
    runs
}

async fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(url, StoreOptions { connections: NonZeroU32::MIN, ..StoreOptions::default() }).await
}

/// Records a run; what goes wrong is a note, since the run itself is in its folder.
pub(crate) fn record(
    stored: &StoredRun,
    summary: &Summary,
    runtime: &Runtime,
    clock: &dyn Clock,
    url: &str,
) -> Result<(), String> {
    let counts = |counts: evalward_gate::Counts| PartitionCounts {
        passed: counts.passed,
        failed: counts.failed,
        errored: counts.errored,
        skipped: counts.skipped,
    };
    let partitions = summary.partitions.iter();
    let decision = serde_json::to_value(summary.decision).ok();
    let record = RunRecord {
        manifest: stored.manifest().clone(),
        finished_at: clock.now(),
        decision: decision.as_ref().and_then(|it| it.as_str()).unwrap_or_default().to_owned(),
        exit_code: summary.exit_code,
        partitions: partitions.map(|(name, summary)| (*name, counts(summary.counts))).collect(),
    };
    let write = async {
        let store = open(url).await?;
        let recorded = store.record_run(&record).await;
        store.close().await?;
        recorded
    };
    match runtime.block_on(async { tokio::time::timeout(RECORD_WITHIN, write).await }) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(CliError::failed_to(error).in_one_line()),
        Err(_) => Err(format!("the store gave no answer within {} s", RECORD_WITHIN.as_secs())),
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
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(|it| it.to_string())?;
    let write = async {
        let store = open(&url).await?;
        let recorded = store.record_calibration(record).await;
        store.close().await?;
        recorded
    };
    match runtime.block_on(async { tokio::time::timeout(RECORD_WITHIN, write).await }) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(CliError::failed_to(error).in_one_line()),
        Err(_) => Err(format!("the store gave no answer within {} s", RECORD_WITHIN.as_secs())),
    }
}

/// Returns where runs are recorded.
pub(crate) fn store_url(context: &Context) -> String {
    context.variable("EVALWARD_DATABASE_URL").unwrap_or_else(|| {
        let beside = context.runs.folder().parent().unwrap_or_else(|| Path::new(""));
        Store::url_of_file(&beside.join(STORE_FILE))
    })
}

fn print_text(runs: &[RunRecord], context: &mut Context) -> Result<(), CliError> {
    let rows: Vec<[String; 7]> = runs.iter().map(cells).collect();
    let heads = ["time", "run", "suite", "decision", "passed", "subject", "prompt"];
    let widths: [usize; 7] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row.get(column).map_or(0, |cell| cell.chars().count()));
        cells.chain(heads.get(column).map(|head| head.len())).max().unwrap_or(0)
    });
    let out = context.out();
    for row in std::iter::once(&heads.map(str::to_owned)).chain(&rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{}{:>2$}", cell, "", width - cell.chars().count()))
            .collect();
        writeln!(out, "{}", visible(cells.join("  ").trim_end()))?;
    }
    Ok(())
}

fn cells(run: &RunRecord) -> [String; 7] {
    let RunRecord { manifest, finished_at, decision, partitions, .. } = run;
    let passed: Vec<String> =
        partitions.iter().map(|(name, counts)| format!("{name} {}", share(*counts))).collect();
    let time = finished_at.to_string();
    let time = time.split_once('.').map_or(time.clone(), |(seconds, _)| format!("{seconds}Z"));
    [
        time,
        manifest.run_id.to_string(),
        manifest.suite.label(),
        decision.clone(),
        passed.join(", "),
        manifest.subject.name.clone(),
        manifest.subject.prompt_version.clone().unwrap_or_else(|| "-".to_owned()),
    ]
}

/// Writes `58/60 (96.7 %)`, and what could not be evaluated beside it.
fn share(counts: PartitionCounts) -> String {
    let PartitionCounts { passed, failed, errored, .. } = counts;
    let errored = if errored > 0 { format!(", {errored} errored") } else { String::new() };
    match rate(counts) {
        Some(rate) => {
            let percent = format!("{:.1}", rate * 100.0);
            let percent = percent.strip_suffix(".0").unwrap_or(&percent);
            format!("{passed}/{} ({percent} %{errored})", passed + failed)
        }
        None => format!("0/0 (none evaluated{errored})"),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of examples stay far below 2^53"
)]
fn rate(counts: PartitionCounts) -> Option<f64> {
    let evaluated = counts.passed + counts.failed;
    (evaluated > 0).then(|| counts.passed as f64 / evaluated as f64)
}

impl Row {
    fn of(run: &RunRecord) -> Self {
        let RunRecord { manifest, finished_at, decision, exit_code, partitions } = run;
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
