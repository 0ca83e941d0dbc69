//! The second phase of sampling: feedback moves an interaction to another stratum.

use std::collections::BTreeSet;

use evalward_core::{Rate, Timestamp};

use crate::arrival::job;
use crate::codec::indexed;
use crate::database::Connection;
use crate::sample::{Located, locate};
use crate::share::{Place, Shares};
use crate::value::{Row, corrupt, values};
use crate::{SecondPhase, StoreError, sql};

/// Joins feedback that came before its interaction, and returns the interactions that became samples by it.
pub(crate) async fn join_waiting_feedback(
    transaction: &mut Connection,
    stored: &BTreeSet<i64>,
    shares: &mut Shares,
) -> Result<Vec<i64>, StoreError> {
    let (Some(first), Some(last)) = (stored.first(), stored.last()) else { return Ok(Vec::new()) };
    if transaction.row(sql::feedback::ANY_WAITING, Vec::new()).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut sampled = Vec::new();
    for row in transaction.rows(sql::feedback::WAITING, values![*first, *last]).await? {
        let seq = row.integer("seq")?;
        // Another process may store interactions at the same time, and sees to those itself.
        if !stored.contains(&seq) {
            continue;
        }
        let (project, id) = (row.text("project")?, row.text("interaction")?);
        transaction.execute(sql::feedback::ATTACH, values![project, id]).await?;
        if let Some(phase) = second_phase(&row)? {
            let moved = apply(transaction, seq, &phase, row.moment("received_at")?, shares).await?;
            if moved.place.is_sampled {
                sampled.push(seq);
            }
        }
    }
    Ok(sampled)
}

fn second_phase(row: &Row) -> Result<Option<SecondPhase>, StoreError> {
    let Some(stratum) = row.optional_text("stratum")? else { return Ok(None) };
    let probability = row.optional_real("probability")?.and_then(Rate::new);
    let probability = probability.ok_or_else(|| corrupt("probability", &"it is not a share"))?;
    let is_sampled = row.optional_flag("is_sampled")?.unwrap_or_default();
    Ok(Some(SecondPhase { stratum, probability, is_sampled }))
}

/// Moves an interaction to the stratum of the second phase, with what it adds to windows; a sample is evaluated, or once more.
pub(crate) async fn apply(
    transaction: &mut Connection,
    seq: i64,
    phase: &SecondPhase,
    now: Timestamp,
    shares: &mut Shares,
) -> Result<Located, StoreError> {
    let mut located = locate(transaction, &[seq]).await?;
    let mut located = located
        .remove(&seq)
        .ok_or_else(|| corrupt("interaction", &format!("number {seq} is gone")))?;
    shares.take(&located.place, located.counted.as_ref())?;
    if transaction.row(sql::queue::IS_PARKED, values![seq]).await?.is_some() {
        // A parked job is taken up again, so its sample is no longer errored.
        transaction.rows_of(sql::queue::DELETE_SAMPLES, &[seq]).await?;
        located.counted = None;
    }
    located.place = Place {
        stratum: indexed(&phase.stratum),
        probability: phase.probability,
        is_sampled: located.place.is_sampled || phase.is_sampled,
        ..located.place
    };
    shares.add(&located.place, located.counted.as_ref())?;
    let place = &located.place;
    let moved = values![seq, &place.stratum, place.probability.get(), place.is_sampled];
    transaction.execute(sql::ingest::MOVE, moved).await?;
    if place.is_sampled {
        let job = job(seq, &place.project, place.received_at, now);
        transaction.execute(sql::queue::ENQUEUE, job).await?;
    }
    Ok(located)
}
