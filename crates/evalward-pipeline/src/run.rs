//! The run itself.

use std::error::Error;
use std::sync::Arc;

use evalward_core::{
    Clock, EventSink, Example, Outcome, RunEvent, RunManifest, SinkError, Subject, SuiteMetric,
    Trial,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Breaker;
use crate::confirm::{Confirmations, Job};
use crate::trial::{Attempt, Number, attempt};

/// What a run needs besides its examples.
#[derive(Clone, Debug)]
pub struct RunPlan {
    /// What the run is made of; its `concurrency` bounds the calls under way at once.
    pub manifest: RunManifest,
    /// The system under test.
    pub subject: Arc<dyn Subject>,
    /// The metrics.
    pub metrics: Arc<[SuiteMetric]>,
    /// The clock that rows are stamped with.
    pub clock: Arc<dyn Clock>,
}

/// Why an example could not be had.
pub type ExampleError = Box<dyn Error + Send + Sync>;

/// The error of a run: it could not go on, and what was recorded so far stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The next example could not be read.
    #[error("failed to read the next example")]
    Example(#[source] ExampleError),
    /// A sink could not take in an event.
    #[error("failed to record the run")]
    Sink(#[source] SinkError),
    /// A trial was lost.
    #[error("failed to finish a trial")]
    Trial(#[source] tokio::task::JoinError),
}

/// How a run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunEnd {
    /// Why the rest of the examples was not evaluated; `None` if all were.
    pub stopped_by: Option<String>,
}

/// Evaluates every example and tells the sinks; each trial gets exactly one row, whatever happens.
///
/// Where a gate confirms failures, fresh trials are made of an example that failed until a majority is reached. When the subject
/// is dead or the token is cancelled, the trials that are left become errored rows that say so.
///
/// # Errors
/// [`PipelineError`] if an example cannot be read or a sink fails.
pub async fn run(
    plan: &RunPlan,
    examples: impl Iterator<Item = Result<Example, ExampleError>>,
    sinks: &mut [&mut dyn EventSink],
    cancelled: &CancellationToken,
) -> Result<RunEnd, PipelineError> {
    let repeats = plan.manifest.repeats.get();
    let total = plan.manifest.dataset.selected.values().sum::<u64>() * u64::from(repeats);
    tell(sinks, &RunEvent::Started { manifest: &plan.manifest, total })?;
    let mut run = Run {
        plan,
        sinks,
        stop: cancelled.child_token(),
        stopped_by: None,
        breaker: Breaker::default(),
        tasks: JoinSet::new(),
        confirmations: Confirmations::new(&plan.manifest),
    };
    for (index, example) in (0..).zip(examples) {
        let example = Arc::new(example.map_err(PipelineError::Example)?);
        run.confirmations.expect(index, &example);
        for trial in 1..=repeats {
            run.submit(Job {
                index,
                number: Number { trial, confirms: false },
                example: Arc::clone(&example),
            })
            .await?;
        }
    }
    while !run.tasks.is_empty() {
        run.take_in_one().await?;
    }
    plan.subject.shutdown().await;
    for metric in plan.metrics.iter() {
        metric.metric.shutdown().await;
    }
    tell(run.sinks, &RunEvent::Finished)?;
    Ok(RunEnd { stopped_by: run.stopped_by })
}

struct Run<'a, 'b> {
    plan: &'a RunPlan,
    sinks: &'a mut [&'b mut dyn EventSink],
    stop: CancellationToken,
    stopped_by: Option<String>,
    breaker: Breaker,
    tasks: JoinSet<Ended>,
    confirmations: Confirmations,
}

/// A task's end: the attempt, or nothing where it was cut short.
struct Ended {
    job: Job,
    attempt: Option<Attempt>,
}

impl Run<'_, '_> {
    fn is_full(&self) -> bool {
        self.tasks.len()
            >= usize::try_from(self.plan.manifest.concurrency.max(1)).unwrap_or(usize::MAX)
    }

    /// Returns whether no more calls are made, and sees to it that a reason is on record.
    fn is_stopped(&mut self) -> bool {
        if self.stop.is_cancelled() && self.stopped_by.is_none() {
            self.stopped_by = Some("the run was interrupted".to_owned());
        }
        self.stopped_by.is_some()
    }

    /// Starts a job as soon as there is room, or passes it over once the run is stopped.
    async fn submit(&mut self, job: Job) -> Result<(), PipelineError> {
        while !self.is_stopped() && self.is_full() {
            self.take_in_one().await?;
        }
        if self.is_stopped() {
            self.pass_over(&job)
        } else {
            self.start(job);
            Ok(())
        }
    }

    fn start(&mut self, job: Job) {
        let (subject, metrics) = (Arc::clone(&self.plan.subject), Arc::clone(&self.plan.metrics));
        let (clock, stop) = (Arc::clone(&self.plan.clock), self.stop.clone());
        self.tasks.spawn(async move {
            let work =
                attempt(&job.example, job.number, subject.as_ref(), &metrics, clock.as_ref());
            let attempt = stop.run_until_cancelled(work).await;
            Ended { job, attempt }
        });
    }

    async fn take_in_one(&mut self) -> Result<(), PipelineError> {
        let Some(joined) = self.tasks.join_next().await else { return Ok(()) };
        let Ended { job, attempt } = joined.map_err(PipelineError::Trial)?;
        let Some(attempt) = attempt else {
            self.is_stopped();
            return self.pass_over(&job);
        };
        match &attempt.call {
            Ok(()) => self.breaker.succeeded(),
            Err(error) => self.breaker.failed(error),
        }
        if let (Some(reason), None) = (self.breaker.opened_by(), &self.stopped_by) {
            self.stopped_by = Some(reason.to_owned());
            self.stop.cancel();
        }
        let position = self.confirmations.position(&job);
        tell(self.sinks, &RunEvent::TrialFinished { position, trial: &attempt.trial })?;
        if let Some(fresh) = self.confirmations.finished(&job, &attempt.trial)
            && !self.is_stopped()
        {
            // It takes the place of the task that just ended, so there is room.
            self.start(fresh);
        }
        Ok(())
    }

    /// Writes the row of a trial that is not made; one that would confirm a failure leaves the failure undecided instead.
    fn pass_over(&mut self, job: &Job) -> Result<(), PipelineError> {
        if job.number.confirms {
            return Ok(());
        }
        let why = match self.breaker.opened_by() {
            Some(_) => "not evaluated: the subject is down",
            None => "not evaluated: the run was interrupted",
        };
        let outcome = Outcome::Errored(why.to_owned());
        let row = job.number.stamp(&job.example, outcome, self.plan.clock.now());
        let trial = Trial { unfinished: true, ..row };
        let position = self.confirmations.position(job);
        tell(self.sinks, &RunEvent::TrialFinished { position, trial: &trial })
    }
}

fn tell(sinks: &mut [&mut dyn EventSink], event: &RunEvent<'_>) -> Result<(), PipelineError> {
    sinks.iter_mut().try_for_each(|sink| sink.on_event(event)).map_err(PipelineError::Sink)
}
