//! The durable queue of samples that wait for their evaluation.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use evalward_core::{Interaction, Measurement, Outcome, Rate, Timestamp};

use crate::database::in_transaction;
use crate::value::{corrupt, values};
use crate::{AlertSignal, NewFailure, Pattern, Store, StoreError, finish, lease, sql};

/// An interaction that was chosen for evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The project.
    pub project: String,
    /// The interaction.
    pub interaction: Interaction,
    /// When it came in.
    pub received_at: Timestamp,
    /// The segment.
    pub segment: String,
    /// The stratum.
    pub stratum: String,
    /// Its inclusion probability.
    pub probability: Rate,
    /// Whether a user disliked the answer.
    pub is_disliked: bool,
}

/// A job that this worker holds for a while.
#[derive(Clone, Debug)]
pub struct LeasedJob {
    /// The job.
    pub job: i64,
    /// The fencing token: what comes back under an older one is refused.
    pub token: i64,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// When its first attempt failed.
    pub first_failed_at: Option<Timestamp>,
    /// The sample.
    pub sample: Sample,
}

/// What an evaluation came to.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The hash of the evaluating metrics' versions.
    pub evaluator: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, Measurement>,
    /// One failure for each pattern that the sample belongs to.
    pub failures: Vec<NewFailure>,
    /// The alarms that it sets off at once.
    pub alerts: Vec<AlertSignal>,
}

/// A job with its evaluation.
#[derive(Clone, Debug)]
pub struct FinishedJob {
    /// The job.
    pub job: i64,
    /// The token under which it was leased.
    pub token: i64,
    /// What it came to.
    pub evaluation: Evaluation,
}

/// Evaluations that are written together.
#[derive(Debug)]
pub struct FinishBatch<'a> {
    /// The evaluations.
    pub jobs: Vec<FinishedJob>,
    /// The present moment.
    pub now: Timestamp,
    /// The webhooks that alerts go to, by name.
    pub destinations: &'a [String],
    /// Makes the alarm for a covered pattern that failed again in this version.
    pub recurred: fn(&Pattern, &str) -> AlertSignal,
}

/// What became of a finished job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The evaluation is stored.
    Recorded,
    /// The lease had run out and somebody else holds the job, or has finished it; nothing was stored.
    Stale,
    /// The database does not take the evaluation; the job is parked with that error.
    Refused,
}

/// What evaluated a sample that could not even be read.
const NO_EVALUATOR: &str = "none";

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs that wait or are leased.
    pub waiting: u64,
    /// Jobs that were parked with their error.
    pub parked: u64,
    /// When the oldest waiting sample came in.
    pub oldest_received_at: Option<Timestamp>,
}

impl Store {
    /// Leases up to `limit` jobs that are due, the oldest first, until `now + duration`.
    ///
    /// A sample that cannot be read back is parked, so that it does not stand in the way of the others.
    pub async fn lease(
        &self,
        limit: u32,
        duration: Duration,
        now: Timestamp,
    ) -> Result<Vec<LeasedJob>, StoreError> {
        let leased = in_transaction!(self.database(), "lease jobs", transaction => {
            lease::lease(&mut transaction, limit, duration, now).await
        })?;
        for job in leased.unreadable {
            let parked = in_transaction!(self.database(), "park a job", transaction => {
                finish::park(&mut transaction, job.lease, &job.problem, NO_EVALUATOR, now).await
            });
            tracing::error!(job = job.lease.0, problem = job.problem, "a sample cannot be read");
            if let Err(error) = parked {
                let error: &dyn Error = &error;
                tracing::error!(error, "the job cannot be parked");
            }
        }
        Ok(leased.jobs)
    }

    /// Writes evaluations, in one transaction: results, windows, failures with their patterns and candidates, alerts with
    /// their deliveries; and removes the jobs. Returns one answer for each job in its order.
    ///
    /// An evaluation that a sample had before is replaced, and its share in windows with it. Where the database does not take
    /// one, each gets its own transaction, so that it cannot take down the others.
    pub async fn finish(&self, batch: FinishBatch<'_>) -> Result<Vec<Finished>, StoreError> {
        match finish::together(self.database(), &batch).await {
            Err(error) if error.is_about_content() => finish::each(self.database(), batch).await,
            answers => answers,
        }
    }

    /// Gives a job back, to be tried again at `run_at`, with the error of this attempt.
    pub async fn retry(
        &self,
        job: &LeasedJob,
        error: &str,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        in_transaction!(self.database(), "give a job back", transaction => {
            let values = values![job.job, job.token, run_at, error, now];
            transaction.execute(sql::queue::RETRY, values).await.map(taken)
        })
    }

    /// Gives a job back as if it had not been leased: a worker that stops does not use up an attempt.
    pub async fn release(&self, job: &LeasedJob) -> Result<Finished, StoreError> {
        in_transaction!(self.database(), "release a job", transaction => {
            let values = values![job.job, job.token];
            transaction.execute(sql::queue::RELEASE, values).await.map(taken)
        })
    }

    /// Parks a job with its error: its sample is errored with that cause until the job is taken up again.
    pub async fn park(
        &self,
        job: &LeasedJob,
        error: &str,
        evaluator: &str,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        in_transaction!(self.database(), "park a job", transaction => {
            finish::park(&mut transaction, (job.job, job.token), error, evaluator, now).await
        })
    }

    /// Makes every parked job of a project wait again, and returns their number.
    pub async fn retry_parked(&self, project: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mut count = 0;
        loop {
            let unparked = in_transaction!(self.database(), "take parked jobs up", transaction => {
                finish::unpark_some(&mut transaction, project, now).await
            })?;
            if unparked == 0 {
                return Ok(count);
            }
            count += unparked;
        }
    }

    /// Counts what waits.
    ///
    /// The whole queue is read for it, so ask about once a second, not with every request.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        let mut connection = self.database().read("count what waits").await?;
        let missing = || corrupt("backlog", &"a count has no row");
        let waiting = connection.row(sql::queue::WAITING, Vec::new()).await?;
        let waiting = waiting.ok_or_else(missing)?;
        let parked = connection.row(sql::queue::COUNT_PARKED, Vec::new()).await?;
        Ok(Backlog {
            waiting: waiting.count("waiting")?,
            parked: parked.ok_or_else(missing)?.count("parked")?,
            oldest_received_at: waiting.optional_moment("oldest")?,
        })
    }
}

const fn taken(rows: u64) -> Finished {
    if rows == 0 { Finished::Stale } else { Finished::Recorded }
}
