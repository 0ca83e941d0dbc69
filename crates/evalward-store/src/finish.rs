//! Finishing jobs: recording evaluations, parking, and taking parked jobs up again.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use evalward_core::Timestamp;

use crate::database::{Connection, Database, in_transaction};
use crate::sample::{Located, errored, locate, record};
use crate::share::Shares;
use crate::value::values;
use crate::{
    FinishBatch, Finished, FinishedJob, NewFailure, StoreError, StoredEvaluation, failure, outbox,
    sql,
};

/// How many parked jobs are taken up in one transaction.
const UNPARKED_AT_ONCE: i64 = 256;

/// Records a batch of evaluations in one transaction.
pub(crate) async fn together(
    database: &Database,
    batch: &FinishBatch<'_>,
) -> Result<Vec<Finished>, StoreError> {
    in_transaction!(database, "store evaluations", transaction => {
        finish(&mut transaction, batch).await
    })
}

/// Records the evaluations of a batch in a transaction each, and parks the jobs of those that the database does not take.
pub(crate) async fn each(
    database: &Database,
    batch: FinishBatch<'_>,
) -> Result<Vec<Finished>, StoreError> {
    let FinishBatch { jobs, now, destinations, recurred } = batch;
    let mut answers = Vec::new();
    for job in jobs {
        let lease = (job.job, job.token);
        let evaluator = job.evaluation.evaluator.clone();
        let alone = FinishBatch { jobs: vec![job], now, destinations, recurred };
        match together(database, &alone).await {
            Ok(answer) => answers.extend(answer),
            Err(error) if error.is_about_content() => {
                answers.push(refuse(database, lease, &error, &evaluator, now).await?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(answers)
}

/// Parks the job of an evaluation that the database does not take; where even that fails, its lease runs out.
async fn refuse(
    database: &Database,
    lease: (i64, i64),
    error: &StoreError,
    evaluator: &str,
    now: Timestamp,
) -> Result<Finished, StoreError> {
    let problem = error.with_cause();
    tracing::error!(job = lease.0, problem, "an evaluation cannot be stored");
    let parked = in_transaction!(database, "park a job", transaction => {
        park(&mut transaction, lease, &problem, evaluator, now).await
    });
    match parked {
        Ok(Finished::Stale) => Ok(Finished::Stale),
        Ok(_) => Ok(Finished::Refused),
        Err(error) if error.is_about_content() => {
            let error: &dyn Error = &error;
            tracing::error!(error, "the job cannot be parked");
            Ok(Finished::Refused)
        }
        Err(error) => Err(error),
    }
}

async fn finish(
    transaction: &mut Connection,
    batch: &FinishBatch<'_>,
) -> Result<Vec<Finished>, StoreError> {
    let held = hold(transaction, batch.jobs.iter().map(|job| (job.job, job.token))).await?;
    let mut open = held.clone();
    let mut answers = Vec::new();
    let mut finished: Vec<(&Located, &FinishedJob)> = Vec::new();
    for job in &batch.jobs {
        let located = held.get(&(job.job, job.token));
        match located.filter(|_| open.remove(&(job.job, job.token)).is_some()) {
            Some(located) => {
                finished.push((located, job));
                answers.push(Finished::Recorded);
            }
            None => answers.push(Finished::Stale),
        }
    }
    finished.sort_by_key(|(located, _)| located.seq);
    let evaluated: Vec<_> =
        finished.iter().map(|(located, job)| (*located, evaluation(job, batch.now))).collect();
    let mut shares = Shares::default();
    record(transaction, evaluated, &mut shares).await?;
    let failures: Vec<(&Located, &[NewFailure])> = finished
        .iter()
        .map(|(located, job)| (*located, job.evaluation.failures.as_slice()))
        .collect();
    let recurred = failure::record(transaction, &failures, batch.recurred).await?;
    let mut jobs: Vec<i64> = finished.iter().map(|(_, job)| job.job).collect();
    jobs.sort_unstable();
    transaction.rows_of(sql::queue::DELETE, &jobs).await?;
    let alerts = finished.iter().flat_map(|(_, job)| &job.evaluation.alerts).chain(&recurred);
    outbox::raise(transaction, alerts.collect(), batch.destinations, batch.now).await?;
    shares.write(transaction).await?;
    Ok(answers)
}

fn evaluation(job: &FinishedJob, now: Timestamp) -> StoredEvaluation {
    StoredEvaluation {
        outcome: job.evaluation.outcome.clone(),
        scores: job.evaluation.scores.clone(),
        evaluator: job.evaluation.evaluator.clone(),
        evaluated_at: now,
    }
}

/// Finds the samples of jobs that are still leased under these tokens, and keeps others from changing them.
async fn hold(
    transaction: &mut Connection,
    leases: impl Iterator<Item = (i64, i64)>,
) -> Result<BTreeMap<(i64, i64), Located>, StoreError> {
    let leases: BTreeSet<(i64, i64)> = leases.collect();
    let jobs: BTreeSet<i64> = leases.iter().map(|(job, _)| *job).collect();
    let jobs: Vec<i64> = jobs.into_iter().collect();
    let rows = transaction.rows_of(sql::queue::INTERACTIONS, &jobs).await?;
    let mut seqs =
        rows.iter().map(|row| row.integer("interaction")).collect::<Result<Vec<_>, _>>()?;
    seqs.sort_unstable();
    let mut located = locate(transaction, &seqs).await?;
    transaction.lock_jobs(&jobs).await?;
    let mut held = BTreeMap::new();
    for row in transaction.rows_of(sql::queue::HELD, &jobs).await? {
        let (job, token) = (row.integer("id")?, row.integer("token")?);
        if leases.contains(&(job, token))
            && let Some(located) = located.remove(&row.integer("interaction")?)
        {
            held.insert((job, token), located);
        }
    }
    Ok(held)
}

/// Parks a job that is leased under a token.
pub(crate) async fn park(
    transaction: &mut Connection,
    (job, token): (i64, i64),
    error: &str,
    evaluator: &str,
    now: Timestamp,
) -> Result<Finished, StoreError> {
    let held = hold(transaction, [(job, token)].into_iter()).await?;
    let Some(located) = held.into_values().next() else { return Ok(Finished::Stale) };
    let mut shares = Shares::default();
    let evaluation = errored(error, evaluator, now);
    record(transaction, vec![(&located, evaluation)], &mut shares).await?;
    failure::forget(transaction, &located).await?;
    transaction.execute(sql::queue::PARK, values![job, error, now]).await?;
    shares.write(transaction).await?;
    Ok(Finished::Recorded)
}

/// Makes some parked jobs of a project wait again, and returns their number.
pub(crate) async fn unpark_some(
    transaction: &mut Connection,
    project: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let rows = transaction.rows(sql::queue::PARKED, values![project, UNPARKED_AT_ONCE]).await?;
    let mut seqs =
        rows.iter().map(|row| row.integer("interaction")).collect::<Result<Vec<_>, _>>()?;
    seqs.sort_unstable();
    let located = locate(transaction, &seqs).await?;
    let jobs = rows.iter().map(|row| row.integer("id")).collect::<Result<Vec<_>, _>>()?;
    transaction.lock_jobs(&jobs).await?;
    let mut shares = Shares::default();
    let mut count = 0;
    for job in jobs {
        let row = transaction.row(sql::queue::UNPARK, values![job, now]).await?;
        let Some(row) = row else { continue };
        let seq = row.integer("interaction")?;
        count += 1;
        if let Some(located) = located.get(&seq) {
            shares.take(&located.place, located.counted.as_ref())?;
            shares.add(&located.place, None)?;
        }
        transaction.rows_of(sql::queue::DELETE_SAMPLES, &[seq]).await?;
    }
    shares.write(transaction).await?;
    Ok(count)
}
