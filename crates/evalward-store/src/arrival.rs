//! Storing batches of interactions in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::Timestamp;

use crate::codec::{indexed, to_json};
use crate::database::Connection;
use crate::dialect::Lock;
use crate::second_phase::join_waiting_feedback;
use crate::share::{Place, Shares};
use crate::value::{Value, values};
use crate::{Engine, Ingested, NewInteraction, StoreError, sql};

/// An interaction in the form in which it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    id: String,
    place: Place,
    version: Option<String>,
    document: String,
}

impl Arrival {
    /// Writes the document, so that the one task that stores everything need not.
    pub(crate) fn new(new: NewInteraction) -> Result<Self, StoreError> {
        if new.is_sampled && new.probability.get() <= 0.0 {
            return Err(StoreError::Conflict {
                operation: "store a batch of interactions",
                problem: format!(
                    "`{}` is a sample, and its probability is 0",
                    new.interaction.id.as_str()
                ),
            });
        }
        Ok(Self {
            document: to_json("interaction", &new.interaction)?,
            id: new.interaction.id.as_str().to_owned(),
            version: new.interaction.version.as_deref().map(indexed),
            place: Place {
                project: new.project,
                received_at: new.received_at,
                segment: indexed(&new.segment),
                stratum: indexed(&new.stratum),
                probability: new.probability,
                is_sampled: new.is_sampled,
            },
        })
    }

    fn key(&self) -> (&str, &str) {
        (&self.place.project, &self.id)
    }

    fn values(&self) -> Vec<Value> {
        let place = &self.place;
        values![
            &place.project,
            &self.id,
            place.received_at,
            &place.segment,
            &place.stratum,
            place.probability.get(),
            place.is_sampled,
            self.version.as_deref(),
            &self.document,
        ]
    }
}

/// An interaction that was stored just now.
struct Stored<'a> {
    seq: i64,
    arrival: &'a Arrival,
}

/// Stores batches; returns one answer for each interaction.
pub(crate) async fn store_batches<'a>(
    transaction: &mut Connection,
    batches: &[&'a [Arrival]],
) -> Result<Vec<Vec<Ingested>>, StoreError> {
    transaction.lock_shared(Lock::WaitingFeedback).await?;
    let mut stored = insert(transaction, batches).await?;
    let mut shares = Shares::default();
    for new in stored.values() {
        shares.add(&new.arrival.place, None)?;
    }
    see_versions(transaction, &stored).await?;
    insert_jobs(transaction, &stored).await?;
    let mut sampled: BTreeSet<i64> =
        stored.values().filter(|new| new.arrival.place.is_sampled).map(|new| new.seq).collect();
    let seqs: BTreeSet<i64> = stored.values().map(|new| new.seq).collect();
    sampled.extend(join_waiting_feedback(transaction, &seqs, &mut shares).await?);
    shares.write(transaction).await?;

    let mut answer = |arrival: &'a Arrival| {
        // The first of an id is the one that was stored; later ones find it gone.
        match stored.remove(&arrival.key()) {
            Some(new) if sampled.contains(&new.seq) => Ingested::Sampled,
            Some(_) => Ingested::Counted,
            None => Ingested::Duplicate,
        }
    };
    Ok(batches.iter().map(|batch| batch.iter().map(&mut answer).collect()).collect())
}

async fn insert<'a>(
    transaction: &mut Connection,
    batches: &[&'a [Arrival]],
) -> Result<BTreeMap<(&'a str, &'a str), Stored<'a>>, StoreError> {
    let mut by_key: BTreeMap<(&str, &str), &Arrival> = BTreeMap::new();
    let mut order = Vec::new();
    for arrival in batches.iter().copied().flatten() {
        by_key.entry(arrival.key()).or_insert_with(|| {
            order.push(arrival);
            arrival
        });
    }
    if transaction.engine() == Engine::Postgres {
        // Two senders of the same interactions must not wait for each other.
        order = by_key.values().copied().collect();
    }
    let mut stored = BTreeMap::new();
    for (sql, piece) in sql::ingest::INSERT.pieces(transaction.engine(), order.len()) {
        let values = order[piece].iter().flat_map(|arrival| arrival.values()).collect();
        for row in transaction.rows(sql, values).await? {
            let (project, id) = (row.text("project")?, row.text("id")?);
            if let Some(arrival) = by_key.get(&(project.as_str(), id.as_str())).copied() {
                stored.insert(arrival.key(), Stored { seq: row.integer("seq")?, arrival });
            }
        }
    }
    Ok(stored)
}

/// Records the versions that were not seen before.
async fn see_versions(
    transaction: &mut Connection,
    stored: &BTreeMap<(&str, &str), Stored<'_>>,
) -> Result<(), StoreError> {
    let mut versions: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
    for arrival in stored.values().map(|new| new.arrival) {
        if let Some(version) = arrival.version.as_deref() {
            let seen = arrival.place.received_at;
            let first = versions.entry((&arrival.place.project, version)).or_insert(seen);
            *first = seen.min(*first);
        }
    }
    let row =
        |((project, version), first): ((&str, &str), Timestamp)| values![project, version, first];
    transaction.insert(&sql::ingest::SEE_VERSIONS, versions.into_iter().map(row).collect()).await
}

async fn insert_jobs(
    transaction: &mut Connection,
    stored: &BTreeMap<(&str, &str), Stored<'_>>,
) -> Result<(), StoreError> {
    let mut samples: Vec<&Stored<'_>> =
        stored.values().filter(|new| new.arrival.place.is_sampled).collect();
    // Jobs that came in together are leased in this order.
    samples.sort_by_key(|new| new.seq);
    let rows = samples.into_iter().map(|new| {
        let place = &new.arrival.place;
        job(new.seq, &place.project, place.received_at, place.received_at)
    });
    transaction.insert(&sql::ingest::INSERT_JOBS, rows.collect()).await
}

/// Returns the columns of a new job.
pub(crate) fn job(
    interaction: i64,
    project: &str,
    received_at: Timestamp,
    run_at: Timestamp,
) -> Vec<Value> {
    values![interaction, project, received_at, run_at]
}
