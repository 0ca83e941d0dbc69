//! One round of the workers: some leased jobs, evaluated beside each other and written together.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{Measurement, Outcome, Timestamp};
use evalward_feedback::failures_of;
use evalward_store::{Evaluation, FinishBatch, Finished, FinishedJob, LeasedJob, StoreError};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::attempt::{Attempt, attempt};
use super::evaluator::Evaluator;
use super::patience::{Next, after_failure};
use crate::state::AppState;
use crate::{alarm, telemetry};

/// Evaluations that are written together at most.
const WRITTEN_TOGETHER: usize = 128;

/// How long an evaluation waits for others to be written with.
const WRITTEN_WITHIN: Duration = Duration::from_millis(200);

/// How often writing is tried before the lease is left to run out.
const WRITE_ATTEMPTS: u32 = 3;

/// How long evaluations that are under way may still take when the service stops.
const GRACE: Duration = Duration::from_secs(2);

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Samples that are evaluated or parked.
    pub(super) done: usize,
    /// Attempts at which the evaluator failed.
    pub(super) failed: usize,
    /// Jobs that were given back untried.
    pub(super) released: usize,
}

/// A job whose evaluation has ended.
struct Ended {
    job: Arc<LeasedJob>,
    attempt: Attempt,
    took: Duration,
}

/// An evaluation that is to be written.
struct Unwritten {
    job: FinishedJob,
    took: Duration,
}

/// One round and what it has at hand.
pub(super) struct Round<'a> {
    state: &'a AppState,
    evaluator: &'a Arc<Evaluator>,
    leased_at: Instant,
    waiting: VecDeque<LeasedJob>,
    running: JoinSet<Ended>,
    /// The jobs that are neither waiting nor ended.
    held: BTreeMap<i64, Arc<LeasedJob>>,
    unwritten: Vec<Unwritten>,
    write_at: Option<Instant>,
    tally: Tally,
}

impl<'a> Round<'a> {
    /// Begins a round with jobs that were leased just now.
    pub(super) fn new(
        state: &'a AppState,
        evaluator: &'a Arc<Evaluator>,
        jobs: Vec<LeasedJob>,
    ) -> Self {
        Self {
            state,
            evaluator,
            leased_at: Instant::now(),
            waiting: jobs.into(),
            running: JoinSet::new(),
            held: BTreeMap::new(),
            unwritten: Vec::new(),
            write_at: None,
            tally: Tally::default(),
        }
    }

    /// Evaluates all jobs, or gives back those that it cannot begin in time.
    pub(super) async fn play(
        mut self,
        last_success: &mut Option<Timestamp>,
        stopped: &CancellationToken,
    ) -> Tally {
        let mut deadline = None;
        loop {
            self.start(stopped);
            if self.running.is_empty() {
                break;
            }
            if stopped.is_cancelled() && deadline.is_none() {
                deadline = Some(Instant::now() + GRACE);
            }
            tokio::select! {
                ended = self.running.join_next() => match ended {
                    Some(Ok(ended)) => self.take(ended, last_success).await,
                    // Its job is given back at the end.
                    Some(Err(error)) => telemetry::evaluation_lost(&error),
                    None => {}
                },
                () = at(self.write_at) => self.write().await,
                () = at(deadline) => break,
                () = stopped.cancelled(), if deadline.is_none() => {}
            }
        }
        self.write().await;
        self.release_all().await;
        self.tally
    }

    /// Begins evaluations, as many at once as there are workers.
    fn start(&mut self, stopped: &CancellationToken) {
        let workers = usize::try_from(self.evaluator.workers.get()).unwrap_or(usize::MAX);
        let is_late = self.leased_at.elapsed() > self.evaluator.starts_within();
        while self.running.len() < workers && !is_late && !stopped.is_cancelled() {
            let Some(job) = self.waiting.pop_front().map(Arc::new) else { return };
            self.held.insert(job.job, Arc::clone(&job));
            let evaluator = Arc::clone(self.evaluator);
            self.running.spawn(async move {
                let began = Instant::now();
                let limit = evaluator.time_limit();
                let attempt = attempt(&evaluator.metrics, &job.sample.interaction, limit).await;
                Ended { job, attempt, took: began.elapsed() }
            });
        }
    }

    async fn take(&mut self, ended: Ended, last_success: &mut Option<Timestamp>) {
        let Ended { job, attempt, took } = ended;
        self.held.remove(&job.job);
        if attempt.is_success() {
            *last_success = Some(self.state.clock.now());
        }
        match attempt {
            Attempt::Done { outcome, scores } => {
                self.tally.done += 1;
                let evaluation = self.evaluation(&job, outcome, scores);
                let job = FinishedJob { job: job.job, token: job.token, evaluation };
                self.unwritten.push(Unwritten { job, took });
                self.write_at.get_or_insert_with(|| Instant::now() + WRITTEN_WITHIN);
                if self.unwritten.len() >= WRITTEN_TOGETHER {
                    self.write().await;
                }
            }
            Attempt::Failed(error) => {
                self.postpone(&job, &error, *last_success).await;
            }
        }
    }

    fn evaluation(
        &self,
        job: &LeasedJob,
        outcome: Outcome,
        scores: BTreeMap<String, Measurement>,
    ) -> Evaluation {
        Evaluation {
            evaluator: self.evaluator.version.clone(),
            failures: failures_of(&job.sample, &outcome),
            alerts: alarm::immediate(&self.evaluator.rules, &job.sample, &outcome, &scores),
            outcome,
            scores,
        }
    }

    async fn postpone(&mut self, job: &LeasedJob, error: &str, last_success: Option<Timestamp>) {
        let now = self.state.clock.now();
        let store = &self.state.store;
        let max_attempts = self.evaluator.max_attempts;
        let written = match after_failure(job, max_attempts, last_success, now) {
            Next::Retry(run_at) => {
                self.tally.failed += 1;
                telemetry::retried(job.job, job.attempt, error);
                store.retry(job, error, run_at, now).await
            }
            Next::Park => {
                self.tally.done += 1;
                telemetry::parked(job.job, job.attempt);
                store.park(job, error, &self.evaluator.version, now).await
            }
        };
        match written {
            Ok(Finished::Recorded | Finished::Refused) => {}
            Ok(Finished::Stale) => telemetry::stale(job.job),
            // The lease runs out, and the job is tried again.
            Err(error) => telemetry::store_failed("postpone a job", &error),
        }
    }

    /// Writes what has ended; what cannot be written is evaluated again when its lease has run out.
    async fn write(&mut self) {
        self.write_at = None;
        let evaluated = std::mem::take(&mut self.unwritten);
        if evaluated.is_empty() {
            return;
        }
        let mut wait = Duration::from_millis(100);
        for attempt in 1..=WRITE_ATTEMPTS {
            let jobs = evaluated.iter().map(|evaluated| evaluated.job.clone()).collect();
            match self.finish(jobs).await {
                Ok(finished) => return self.tell(&evaluated, &finished),
                Err(error) => telemetry::store_failed("write evaluations", &error),
            }
            if attempt < WRITE_ATTEMPTS {
                tokio::time::sleep(wait).await;
                wait *= 4;
            }
        }
    }

    /// Tells what became of evaluations, and wakes the outbox.
    fn tell(&self, evaluated: &[Unwritten], finished: &[Finished]) {
        for (Unwritten { job, took }, finished) in evaluated.iter().zip(finished) {
            match finished {
                Finished::Recorded => telemetry::evaluated(job.evaluation.outcome.kind(), *took),
                Finished::Stale => telemetry::stale(job.job),
                Finished::Refused => telemetry::refused(job.job),
            }
        }
        // A failure may also have set off the alarm of a recurred pattern, which only the store knows.
        if evaluated.iter().any(|evaluated| !evaluated.job.evaluation.failures.is_empty()) {
            self.state.deliveries.notify_one();
        }
    }

    async fn finish(&self, jobs: Vec<FinishedJob>) -> Result<Vec<Finished>, StoreError> {
        let batch = FinishBatch {
            jobs,
            now: self.state.clock.now(),
            destinations: &self.state.destinations,
            recurred: alarm::recurred,
        };
        self.state.store.finish(batch).await
    }

    /// Gives back what was not begun or not ended.
    async fn release_all(&mut self) {
        self.running.shutdown().await;
        let held = std::mem::take(&mut self.held).into_values();
        let waiting = std::mem::take(&mut self.waiting).into_iter().map(Arc::new);
        for job in held.chain(waiting) {
            self.tally.released += 1;
            if let Err(error) = self.state.store.release(&job).await {
                telemetry::store_failed("give a job back", &error);
                return;
            }
        }
    }
}

/// Waits for a moment, for ever where there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
