//! The loop of the workers.

use std::sync::Arc;
use std::time::Duration;

use evalward_core::Timestamp;
use tokio_util::sync::CancellationToken;

use super::evaluator::Evaluator;
use super::patience::pause;
use super::round::{Round, Tally};
use crate::state::AppState;
use crate::telemetry;

/// How often the store is asked for jobs that nobody told of: those that are due again, and those of other replicas.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// The wait after the store failed.
const STORE_WAIT: Duration = Duration::from_secs(1);

/// The most jobs of one round.
const MOST_JOBS: u32 = 256;

/// A round that took less is followed by one with more jobs, one that took longer by one with fewer.
const SHORT_ROUND: Duration = Duration::from_millis(500);
const LONG_ROUND: Duration = Duration::from_secs(5);

/// Evaluates samples until the service stops, then gives back what it holds and ends the metrics.
pub(crate) async fn run(state: AppState, evaluator: Arc<Evaluator>, stopped: CancellationToken) {
    let mut pace = Pace::new(&evaluator);
    let mut last_success: Option<Timestamp> = None;
    while !stopped.is_cancelled() {
        let now = state.clock.now();
        let jobs = match state.store.lease(pace.jobs, evaluator.lease, now).await {
            Ok(jobs) => jobs,
            Err(error) => {
                telemetry::store_failed("lease jobs", &error);
                stopped.run_until_cancelled(tokio::time::sleep(STORE_WAIT)).await;
                continue;
            }
        };
        if jobs.is_empty() {
            let wait = tokio::time::timeout(ASK_EVERY, state.jobs.notified());
            stopped.run_until_cancelled(wait).await;
            continue;
        }
        let began = tokio::time::Instant::now();
        let tally = Round::new(&state, &evaluator, jobs).play(&mut last_success, &stopped).await;
        if let Some(pause) = pace.after(tally, began.elapsed()) {
            telemetry::evaluator_down(pause);
            stopped.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
    }
    evaluator.shutdown().await;
}

/// How many jobs a round takes: few where evaluations are slow or fail, many where they are quick.
struct Pace {
    jobs: u32,
    fewest: u32,
    failed_rounds: u32,
}

impl Pace {
    fn new(evaluator: &Evaluator) -> Self {
        let fewest = evaluator.workers.get().min(MOST_JOBS);
        Self { jobs: fewest, fewest, failed_rounds: 0 }
    }

    /// Adapts to what a round came to, and returns how long to pause where nothing could be evaluated.
    fn after(&mut self, tally: Tally, took: Duration) -> Option<Duration> {
        if tally.failed > 0 && tally.done == 0 {
            self.failed_rounds = self.failed_rounds.saturating_add(1);
            self.jobs = self.fewest;
            return Some(pause(self.failed_rounds));
        }
        self.failed_rounds = 0;
        if tally.released > 0 || took > LONG_ROUND {
            self.jobs = (self.jobs / 2).max(self.fewest);
        } else if took < SHORT_ROUND {
            self.jobs = self.jobs.saturating_mul(2).min(MOST_JOBS);
        }
        None
    }
}
