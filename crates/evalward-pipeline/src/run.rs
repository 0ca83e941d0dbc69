//! The run itself.

use std::error::Error;
use std::sync::Arc;

use evalward_core::{
    Budget, Clock, EventSink, Example, KeptTrials, Meter, Outcome, RunEvent, RunManifest,
    SinkError, Subject, SuiteMetric, Trial,
};
use tokio::task::JoinSet;
use tokio::time::timeout_at;
use tokio_util::sync::CancellationToken;

use crate::clocks::Clocks;
use crate::confirm::{Confirmations, Job};
use crate::trial::{Attempt, Number, attempt};
use crate::{Breaker, StopReason};

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
    /// The trials that were made before the run was resumed.
    pub kept: Option<Arc<dyn KeptTrials>>,
    /// What the run may take.
    pub budget: Budget,
    /// What the run's clients spend.
    pub meter: Meter,
}

impl RunPlan {
    /// Makes the plan of a run that starts anew and has no limits.
    pub fn new(
        manifest: RunManifest,
        subject: Arc<dyn Subject>,
        metrics: Arc<[SuiteMetric]>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (budget, meter) = (Budget::default(), Meter::default());
        Self { manifest, subject, metrics, clock, kept: None, budget, meter }
    }
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
    /// The rows of the run that is resumed could not be read.
    #[error("failed to read what the run had done before")]
    Kept(#[source] SinkError),
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
    pub stopped_by: Option<StopReason>,
}

/// Evaluates every example and tells the sinks; each trial gets exactly one row, whatever happens.
///
/// Each example comes with its place among all that were asked for. Where a gate confirms failures, fresh trials are made of an
/// example that failed until a majority is reached. When the subject is dead, the budget is used up or the token is cancelled,
/// the trials that are left become errored rows that say so.
///
/// # Errors
/// [`PipelineError`] if an example cannot be read or a sink fails.
pub async fn run(
    plan: &RunPlan,
    examples: impl Iterator<Item = Result<(u64, Example), ExampleError>>,
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
        clocks: Clocks::start(&plan.budget),
        tasks: JoinSet::new(),
        confirmations: Confirmations::new(&plan.manifest),
    };
    for example in examples {
        let (index, example) = example.map_err(PipelineError::Example)?;
        let example = Arc::new(example);
        run.confirmations.expect(index, &example);
        for trial in 1..=repeats {
            let number = Number { trial, confirms: false };
            run.submit(Job { index, number, example: Arc::clone(&example) }).await?;
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
    stopped_by: Option<StopReason>,
    breaker: Breaker,
    clocks: Clocks,
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
            self.stopped_by = Some(StopReason::Interrupted);
        }
        self.stopped_by.is_some()
    }

    /// Makes no more calls; the first reason stays on record.
    fn stop(&mut self, reason: StopReason) {
        if self.is_stopped() {
            return;
        }
        if reason.lets_calls_end() {
            self.clocks.stop();
        } else {
            self.stop.cancel();
        }
        self.stopped_by = Some(reason);
    }

    /// Takes over a job that was done before, starts it as soon as there is room, or passes it over once the run is stopped.
    async fn submit(&mut self, job: Job) -> Result<(), PipelineError> {
        let Some(job) = self.take_over(job)? else { return Ok(()) };
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

    /// Takes over what was done before the run was resumed; returns the first job that was not, if any is left.
    fn take_over(&mut self, job: Job) -> Result<Option<Job>, PipelineError> {
        let Some(kept) = &self.plan.kept else { return Ok(Some(job)) };
        let mut next = Some(job);
        while let Some(job) = next {
            let position = job.position();
            let trial = kept.trial(position).map_err(PipelineError::Kept)?;
            let Some(trial) = trial.filter(|trial| job.made(trial)) else { return Ok(Some(job)) };
            tell(self.sinks, &RunEvent::TrialKept { position, trial: &trial })?;
            next = self.confirmations.finished(&job, &trial);
        }
        Ok(None)
    }

    fn start(&mut self, job: Job) {
        let (subject, metrics) = (Arc::clone(&self.plan.subject), Arc::clone(&self.plan.metrics));
        let (clock, stop) = (Arc::clone(&self.plan.clock), self.stop.clone());
        self.clocks.trial_starts(job.example.partition);
        self.tasks.spawn(async move {
            let work =
                attempt(&job.example, job.number, subject.as_ref(), &metrics, clock.as_ref());
            let attempt = stop.run_until_cancelled(work).await;
            Ended { job, attempt }
        });
    }

    /// Waits for a task to end, and for no longer than there is time.
    async fn next_ended(&mut self) -> Option<Result<Ended, tokio::task::JoinError>> {
        loop {
            let Some((moment, whose)) = self.clocks.next() else {
                return self.tasks.join_next().await;
            };
            if let Ok(joined) = timeout_at(moment, self.tasks.join_next()).await {
                return joined;
            }
            let Some(reason) = StopReason::time_up(whose) else {
                self.stop.cancel();
                return self.tasks.join_next().await;
            };
            self.stop(reason);
        }
    }

    async fn take_in_one(&mut self) -> Result<(), PipelineError> {
        let Some(joined) = self.next_ended().await else { return Ok(()) };
        let Ended { job, attempt } = joined.map_err(PipelineError::Trial)?;
        self.clocks.trial_ends(job.example.partition);
        let Some(attempt) = attempt else {
            self.is_stopped();
            return self.pass_over(&job);
        };
        match &attempt.call {
            Ok(()) => self.breaker.succeeded(),
            Err(error) => self.breaker.failed(error),
        }
        let position = job.position();
        tell(self.sinks, &RunEvent::TrialFinished { position, trial: &attempt.trial })?;
        let fresh = self.confirmations.finished(&job, &attempt.trial);
        if fresh.is_none() {
            self.heed_failure(&attempt.trial);
        }
        self.heed_limits();
        match fresh {
            // It takes the place of the task that just ended, so there is room.
            Some(fresh) if !self.is_stopped() => {
                if let Some(fresh) = self.take_over(fresh)? {
                    self.start(fresh);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Stops where the subject or another endpoint is dead, or a budget is used up.
    fn heed_limits(&mut self) {
        if let Some(error) = self.breaker.opened_by() {
            let reason = StopReason::SubjectDown(error.to_owned());
            self.stop(reason);
        }
        if let Some(error) = self.plan.meter.outage() {
            self.stop(StopReason::EndpointDown(error.to_owned()));
        }
        if let Some(which) = self.plan.budget.overspent(self.plan.meter.spent()) {
            self.stop(StopReason::Budget(which));
        }
    }

    /// Stops at a failure, where the first one ends the run.
    fn heed_failure(&mut self, trial: &Trial) {
        let manifest = &self.plan.manifest;
        if manifest.fail_fast
            && matches!(trial.outcome, Outcome::Failed(_))
            && manifest.gates.contains_key(&trial.partition)
        {
            self.stop(StopReason::Failed(trial.example_id.clone()));
        }
    }

    /// Writes the row of a trial that is not made; one that would confirm a failure leaves the failure undecided instead.
    fn pass_over(&mut self, job: &Job) -> Result<(), PipelineError> {
        if job.number.confirms {
            return Ok(());
        }
        let reason = self.stopped_by.as_ref().unwrap_or(&StopReason::Interrupted);
        let outcome = Outcome::Errored(reason.cause().to_owned());
        let row = job.number.stamp(&job.example, outcome, self.plan.clock.now());
        let trial = Trial { unfinished: true, ..row };
        tell(self.sinks, &RunEvent::TrialFinished { position: job.position(), trial: &trial })
    }
}

fn tell(sinks: &mut [&mut dyn EventSink], event: &RunEvent<'_>) -> Result<(), PipelineError> {
    sinks.iter_mut().try_for_each(|sink| sink.on_event(event)).map_err(PipelineError::Sink)
}
