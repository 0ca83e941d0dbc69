//! Runs in few words.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_core::{
    DatasetStamp, Digest, EventSink, Example, FixedClock, Measurement, Outcome, Partition,
    ReasonKind, RunEvent, RunId, RunManifest, Score, Selection, SinkError, Subject, SubjectStamp,
    SuiteMetric, SuiteStamp, Timestamp, Trial, TrialPosition,
};
use evalward_pipeline::{PipelineError, RunEnd, RunPlan, run};
use evalward_testkit::{ScriptedMetric, ScriptedSubject};
use tokio_util::sync::CancellationToken;

/// Examples `e-0`, `e-1`, … of the golden partition.
pub(crate) fn examples(count: usize) -> Vec<Example> {
    (0..count).map(|index| Example::new(&format!("e-{index}"), Partition::Golden)).collect()
}

/// A metric that passes the output `good`.
pub(crate) fn good() -> SuiteMetric {
    let metric = ScriptedMetric::new(ReasonKind::Metric, |_, output| {
        Measurement::Score(Score::yes_or_no(output == "good"))
    });
    SuiteMetric::new("good", metric)
}

/// Makes the plan of a run over so many examples.
pub(crate) fn plan(
    subject: Arc<dyn Subject>,
    metrics: Vec<SuiteMetric>,
    count: usize,
    concurrency: u32,
) -> RunPlan {
    RunPlan::new(manifest(count, concurrency), subject, metrics.into(), Arc::new(clock()))
}

fn clock() -> FixedClock {
    FixedClock(Timestamp::from_millis(0))
}

fn manifest(total: usize, concurrency: u32) -> RunManifest {
    let hash = Digest::of(b"fixed");
    let counts = BTreeMap::from([(Partition::Golden, u64::try_from(total).unwrap())]);
    RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new("20261103-142207-00beef").unwrap(),
        tool_version: "0.0.0".to_owned(),
        started_at: clock().0,
        suite: SuiteStamp {
            name: "suite".to_owned(),
            variant: None,
            tier: "unit".to_owned(),
            path: "evalward.toml".to_owned(),
            hash,
        },
        dataset: DatasetStamp {
            name: "dataset".to_owned(),
            hash,
            selected: counts.clone(),
            available: counts,
        },
        subject: SubjectStamp {
            kind: "scripted".to_owned(),
            name: "scripted".to_owned(),
            prompt_version: None,
            hash,
        },
        metrics: BTreeMap::new(),
        gates: BTreeMap::new(),
        selection: Selection::default(),
        concurrency,
        repeats: std::num::NonZeroU32::MIN,
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
    }
}

/// A sink that keeps the rows by their positions, and checks what every run promises.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) by_position: BTreeMap<TrialPosition, Trial>,
    pub(crate) finished: bool,
    pub(crate) total: u64,
    /// Fails when it has taken in this many rows.
    pub(crate) full_at: Option<usize>,
    /// Cancels when it has taken in this many rows.
    pub(crate) cancel_at: Option<(usize, CancellationToken)>,
}

impl EventSink for Rows {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        match event {
            RunEvent::Started { total, .. } => self.total = *total,
            RunEvent::TrialFinished { position, trial } => {
                if self.full_at == Some(self.by_position.len()) {
                    return Err("the disk is full".into());
                }
                let earlier = self.by_position.insert(*position, (*trial).clone());
                assert!(earlier.is_none(), "position {position:?} has two rows");
                if let Some((count, token)) = &self.cancel_at
                    && *count == self.by_position.len()
                {
                    token.cancel();
                }
            }
            RunEvent::Finished => {
                self.finished = true;
                assert_eq!(u64::try_from(self.by_position.len()).unwrap(), self.total);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Rows {
    /// Writes each row's outcome as a letter, in the order of the dataset.
    pub(crate) fn letters(&self) -> String {
        self.by_position
            .values()
            .map(|trial| match trial.outcome {
                Outcome::Passed => 'p',
                Outcome::Failed(_) => 'f',
                Outcome::Errored(_) => 'e',
                Outcome::Skipped(_) => 's',
            })
            .collect()
    }

    /// Returns the distinct causes of errored and skipped rows.
    pub(crate) fn causes(&self) -> Vec<&str> {
        let mut causes: Vec<&str> = Vec::new();
        for trial in self.by_position.values() {
            if let Outcome::Errored(cause) | Outcome::Skipped(cause) = &trial.outcome
                && !causes.contains(&cause.as_str())
            {
                causes.push(cause);
            }
        }
        causes
    }
}

/// How a run is made.
pub(crate) struct Setup {
    pub(crate) subject: Arc<ScriptedSubject>,
    pub(crate) metrics: Vec<SuiteMetric>,
    pub(crate) count: usize,
    pub(crate) concurrency: u32,
    pub(crate) rows: Rows,
    pub(crate) cancelled: CancellationToken,
}

impl Setup {
    pub(crate) fn new(subject: ScriptedSubject, count: usize) -> Self {
        Self {
            subject: Arc::new(subject),
            metrics: vec![good()],
            count,
            concurrency: 5,
            rows: Rows::default(),
            cancelled: CancellationToken::new(),
        }
    }

    pub(crate) async fn try_run(self) -> (Result<RunEnd, PipelineError>, Rows) {
        let subject = Arc::clone(&self.subject);
        self.try_run_with(subject).await
    }

    pub(crate) async fn try_run_with(
        mut self,
        subject: Arc<dyn Subject>,
    ) -> (Result<RunEnd, PipelineError>, Rows) {
        let plan = plan(subject, self.metrics, self.count, self.concurrency);
        let examples = (0..).zip(examples(self.count)).map(Ok);
        let end = run(&plan, examples, &mut [&mut self.rows], &self.cancelled).await;
        (end, self.rows)
    }

    pub(crate) async fn run(self) -> (RunEnd, Rows) {
        let (end, rows) = self.try_run().await;
        let end = end.unwrap();
        assert!(rows.finished);
        (end, rows)
    }
}
