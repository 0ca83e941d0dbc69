//! Leasing jobs.

use std::time::Duration;

use evalward_core::Timestamp;

use crate::codec::{from_json, rate};
use crate::database::Connection;
use crate::value::Row;
use crate::{LeasedJob, Sample, StoreError, sql};

/// What a lease came to.
#[derive(Debug, Default)]
pub(crate) struct Leased {
    pub(crate) jobs: Vec<LeasedJob>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// A job whose sample cannot be read back.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) lease: (i64, i64),
    pub(crate) problem: String,
}

pub(crate) async fn lease(
    transaction: &mut Connection,
    limit: u32,
    duration: Duration,
    now: Timestamp,
) -> Result<Leased, StoreError> {
    let until = after(now, duration);
    let ids = transaction.claim_jobs(limit, now.as_millis(), until.as_millis()).await?;
    let mut leased = Leased::default();
    for row in transaction.rows_of(sql::queue::LEASED, &ids).await? {
        match read(&row) {
            Ok(job) => leased.jobs.push(job),
            Err(error) => leased.unreadable.push(Unreadable {
                lease: (row.integer("id")?, row.integer("token")?),
                problem: error.to_string(),
            }),
        }
    }
    leased.jobs.sort_by_key(|job| (job.sample.received_at, job.job));
    Ok(leased)
}

/// Returns the moment that lies so much later.
pub(crate) fn after(moment: Timestamp, duration: Duration) -> Timestamp {
    let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(moment.as_millis().saturating_add(millis))
}

fn read(row: &Row) -> Result<LeasedJob, StoreError> {
    Ok(LeasedJob {
        job: row.integer("id")?,
        token: row.integer("token")?,
        attempt: u32::try_from(row.count("attempts")?).unwrap_or(u32::MAX),
        first_failed_at: row.optional_moment("first_failed_at")?,
        sample: Sample {
            project: row.text("project")?,
            interaction: from_json("interaction", &row.text("document")?)?,
            received_at: row.moment("received_at")?,
            segment: row.text("segment")?,
            stratum: row.text("stratum")?,
            probability: rate(row, "probability")?,
            is_disliked: row.flag("is_disliked")?,
        },
    })
}
