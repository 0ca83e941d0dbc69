//! One call that evaluates examples in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_core::{
    Clock, DatasetStamp, Digest, EventSink, Example, GatePolicy, Partition, RunEvent, RunId,
    RunManifest, Selection, SinkError, Subject, SubjectStamp, SuiteMetric, SuiteStamp, SystemClock,
    Trial,
};
use evalward_gate::{Fold, GateError, Plan, Summary};
use evalward_pipeline::{PipelineError, RunPlan, run};
use tokio_util::sync::CancellationToken;

/// The rows of an evaluation and what they come to.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// What the evaluation was made of; with `summary` and `trials`, all that a report needs.
    pub manifest: RunManifest,
    /// One row for each example, in the order in which they were given.
    pub trials: Vec<Trial>,
    /// Counts, rates and the decision: every golden and every regression example must pass, other partitions report.
    pub summary: Summary,
}

/// The error of an evaluation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The run could not go on.
    #[error("failed to run the evaluation")]
    Run(#[from] PipelineError),
    /// The rows could not be folded.
    #[error("failed to summarise the evaluation")]
    Gate(#[from] GateError),
}

/// How many calls of the subject are under way at once.
const CONCURRENCY: u32 = 5;

/// Evaluates examples in memory, five at a time.
///
/// A decision of [`Holds`](evalward_gate::Decision::Holds) is the only good news. Golden and regression examples gate; without
/// one of them nothing is decided.
///
/// # Errors
/// [`EvaluateError`] if the run cannot go on; a subject or metric that fails makes its example errored instead.
pub async fn evaluate(
    examples: impl IntoIterator<Item = Example>,
    subject: impl Subject + 'static,
    metrics: impl IntoIterator<Item = SuiteMetric>,
) -> Result<Evaluation, EvaluateError> {
    let examples: Vec<Example> = examples.into_iter().collect();
    let metrics: Arc<[SuiteMetric]> = metrics.into_iter().collect();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let manifest = manifest(&examples, &metrics, clock.as_ref());
    let plan = RunPlan::new(manifest.clone(), Arc::new(subject), metrics, clock);
    let mut rows = Rows(vec![None; examples.len()]);
    let placed = (0..).zip(examples).map(Ok);
    run(&plan, placed, &mut [&mut rows], &CancellationToken::new()).await?;
    let trials: Vec<Trial> = rows.0.into_iter().flatten().collect();
    let mut fold = Fold::default();
    for trial in &trials {
        fold.push(trial)?;
    }
    let summary = fold.finish(&Plan::from(&manifest))?;
    Ok(Evaluation { manifest, trials, summary })
}

/// Keeps the rows in the order of the examples.
struct Rows(Vec<Option<Trial>>);

impl EventSink for Rows {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        if let RunEvent::TrialFinished { position, trial } = event {
            let slot = usize::try_from(position.index).ok().and_then(|index| self.0.get_mut(index));
            *slot.ok_or("a row without an example")? = Some((*trial).clone());
        }
        Ok(())
    }
}

fn manifest(examples: &[Example], metrics: &[SuiteMetric], clock: &dyn Clock) -> RunManifest {
    let mut counts: BTreeMap<Partition, u64> = BTreeMap::new();
    for example in examples {
        *counts.entry(example.partition).or_default() += 1;
    }
    let gates = counts
        .keys()
        .filter_map(|partition| Some((*partition, GatePolicy::default_of(*partition)?)))
        .collect();
    let unnamed = Digest::of(b"");
    RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new("in-memory").expect("letters make a valid id"),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: clock.now(),
        suite: SuiteStamp {
            name: "in-memory".to_owned(),
            variant: None,
            tier: "unit".to_owned(),
            path: String::new(),
            hash: unnamed,
        },
        dataset: DatasetStamp {
            name: "in-memory".to_owned(),
            hash: Digest::chain(examples.iter().map(Example::content_hash)),
            selected: counts.clone(),
            available: counts,
        },
        subject: SubjectStamp {
            kind: "rust".to_owned(),
            name: "in-process".to_owned(),
            prompt_version: None,
            hash: unnamed,
        },
        metrics: metrics.iter().map(|metric| (metric.id.clone(), metric.stamp())).collect(),
        gates,
        selection: Selection::default(),
        concurrency: CONCURRENCY,
        repeats: std::num::NonZeroU32::MIN,
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
    }
}
