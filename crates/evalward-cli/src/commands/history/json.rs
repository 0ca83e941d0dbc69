//! The history for machines.

use std::collections::BTreeMap;

use evalward_core::{KeptScore, OutcomeKind, Partition};
use evalward_report::history::{ExamplePoint, ExampleTrend, Point, Trend};
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
    /// What the run was limited to, in words; absent where it evaluated all examples of its partitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<String>,
    /// What changed since the run before of the same suite and variant, of those that are listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeRow>,
    /// The number of trials whose scores are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    score_rows: Option<u64>,
}

/// Something that changed.
#[derive(Serialize)]
struct ChangeRow {
    kind: &'static str,
    text: String,
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
    /// The interval that the run states.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<IntervalRow>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metrics: BTreeMap<String, MetricRow>,
}

/// An interval.
#[derive(Serialize)]
struct IntervalRow {
    low: f64,
    high: f64,
    level: f64,
    method: String,
}

/// The mean of a metric's scores.
#[derive(Serialize)]
struct MetricRow {
    mean: f64,
    scored: u64,
}

/// What `--example ID --format json` writes.
#[derive(Serialize)]
struct ExampleOutput<'a> {
    version: u32,
    example: &'a str,
    runs: Vec<ExampleRow>,
}

/// An example in a run.
#[derive(Serialize)]
struct ExampleRow {
    run_id: String,
    suite: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    started_at: String,
    partition: Partition,
    /// The start of the example's content hash.
    content: String,
    /// What became of the example, as the gate counts it; absent where the run never came to all of its trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeKind>,
    trials: Vec<TrialRow>,
}

/// A trial of an example.
#[derive(Serialize)]
struct TrialRow {
    trial: u32,
    outcome: OutcomeKind,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    confirms: bool,
    scores: BTreeMap<String, ScoreRow>,
}

/// A metric's result.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ScoreRow {
    Score {
        value: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        passed: Option<bool>,
    },
    Skipped,
    Errored,
}

/// Prints runs as one JSON object.
pub(super) fn print(
    runs: &[RunRecord],
    trends: &[Trend<'_>],
    context: &mut Context,
) -> Result<(), CliError> {
    let points: BTreeMap<&str, &Point<'_>> = trends
        .iter()
        .flat_map(|trend| &trend.points)
        .map(|point| (point.run.manifest.run_id.as_str(), point))
        .collect();
    let point = |run: &RunRecord| points.get(run.manifest.run_id.as_str()).copied();
    let runs = runs.iter().filter_map(|run| Some(Row::of(run, point(run)?))).collect();
    print_json(&Output { version: JSON_VERSION, runs }, context)
}

/// Prints what an example came to as one JSON object.
pub(super) fn print_example(
    example: &str,
    trends: &[ExampleTrend<'_>],
    context: &mut Context,
) -> Result<(), CliError> {
    let runs = trends.iter().flat_map(|trend| &trend.points).filter_map(ExampleRow::of).collect();
    print_json(&ExampleOutput { version: JSON_VERSION, example, runs }, context)
}

impl ExampleRow {
    fn of(it: &ExamplePoint<'_>) -> Option<Self> {
        let manifest = &it.point.run.manifest;
        let first = it.trials.first()?;
        let score = |score: &KeptScore| match score {
            KeptScore::Score { value, passed } => {
                ScoreRow::Score { value: value.get(), passed: *passed }
            }
            KeptScore::Skipped => ScoreRow::Skipped,
            KeptScore::Errored => ScoreRow::Errored,
        };
        let trials = it.trials.iter().map(|trial| TrialRow {
            trial: trial.trial,
            outcome: trial.outcome,
            confirms: trial.confirms,
            scores: trial.scores.iter().map(|(id, kept)| (id.clone(), score(kept))).collect(),
        });
        Some(Self {
            run_id: manifest.run_id.to_string(),
            suite: manifest.suite.name.clone(),
            variant: manifest.suite.variant.clone(),
            started_at: manifest.started_at.to_string(),
            partition: first.partition,
            content: first.content.clone(),
            outcome: it.outcome(),
            trials: trials.collect(),
        })
    }
}

impl Row {
    fn of(run: &RunRecord, point: &Point<'_>) -> Self {
        let RunRecord { manifest, finished_at, decision, exit_code, partitions, .. } = run;
        let change = |it: &evalward_report::history::Change| ChangeRow {
            kind: it.kind.name(),
            text: it.text.clone(),
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
            partitions: partitions
                .iter()
                .map(|(name, counts)| PartitionRow::of(point, *name, *counts))
                .collect(),
            subject: manifest.subject.name.clone(),
            prompt_version: manifest.subject.prompt_version.clone(),
            dataset: manifest.dataset.name.clone(),
            dataset_hash: manifest.dataset.hash.to_string(),
            only: point.part.clone(),
            changes: point.changes.iter().map(change).collect(),
            score_rows: run.score_rows,
        }
    }
}

impl PartitionRow {
    fn of(point: &Point<'_>, partition: Partition, counts: PartitionCounts) -> Self {
        let interval = point.run.pass_rate(partition).map(|rate| IntervalRow {
            low: rate.low.get(),
            high: rate.high.get(),
            level: rate.level.get(),
            method: rate.method.clone(),
        });
        let metrics = point.run.partition(partition).into_iter().flat_map(|it| &it.metrics);
        let metrics = metrics.filter_map(|(id, metric)| {
            Some((id.clone(), MetricRow { mean: metric.mean?.get(), scored: metric.scored }))
        });
        Self {
            partition,
            passed: counts.passed,
            failed: counts.failed,
            errored: counts.errored,
            skipped: counts.skipped,
            pass_rate: point.run.rate(partition),
            interval,
            metrics: metrics.collect(),
        }
    }
}
