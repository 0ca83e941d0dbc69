//! Samples with their evaluations: finding them, and recording what an evaluation came to.

use std::collections::BTreeMap;

use evalward_core::{Outcome, Timestamp};

use crate::codec::{evaluation, interaction_id, outcome_details, outcome_name, rate, to_json};
use crate::database::Connection;
use crate::share::{Counted, Place, Shares};
use crate::value::{Row, Value, values};
use crate::{StoreError, StoredEvaluation, sql};

/// An interaction without its content: where it is counted, and what its evaluation came to.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) seq: i64,
    pub(crate) id: evalward_core::InteractionId,
    pub(crate) version: Option<String>,
    pub(crate) place: Place,
    pub(crate) counted: Option<Counted>,
}

/// Finds interactions by their numbers, which must be in order, and keeps others from changing them.
pub(crate) async fn locate(
    transaction: &mut Connection,
    seqs: &[i64],
) -> Result<BTreeMap<i64, Located>, StoreError> {
    transaction.lock_interactions(seqs).await?;
    let rows = transaction.rows_of(sql::ingest::LOCATE, seqs).await?;
    rows.iter().map(|row| Ok((row.integer("seq")?, located(row)?))).collect()
}

fn located(row: &Row) -> Result<Located, StoreError> {
    Ok(Located {
        seq: row.integer("seq")?,
        id: interaction_id(row, "id")?,
        version: row.optional_text("version")?,
        place: place(row)?,
        counted: counted(row)?,
    })
}

fn counted(row: &Row) -> Result<Option<Counted>, StoreError> {
    let Some(evaluation) = evaluation(row)? else { return Ok(None) };
    Ok(Some(Counted { evaluation, is_detailed: row.flag("is_detailed")? }))
}

/// Reads where an interaction is counted.
pub(crate) fn place(row: &Row) -> Result<Place, StoreError> {
    Ok(Place {
        project: row.text("project")?,
        received_at: row.moment("received_at")?,
        segment: row.text("segment")?,
        stratum: row.text("stratum")?,
        probability: rate(row, "probability")?,
        is_sampled: row.flag("is_sampled")?,
    })
}

/// Records what evaluations came to, in place of earlier ones, and what that changes in windows.
pub(crate) async fn record(
    transaction: &mut Connection,
    evaluated: Vec<(&Located, StoredEvaluation)>,
    shares: &mut Shares,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for (located, evaluation) in evaluated {
        let counted = Counted { evaluation, is_detailed: true };
        shares.take(&located.place, located.counted.as_ref())?;
        shares.add(&located.place, Some(&counted))?;
        rows.push(columns(located.seq, &counted)?);
    }
    transaction.insert(&sql::queue::RECORD, rows).await
}

fn columns(
    seq: i64,
    Counted { evaluation, is_detailed }: &Counted,
) -> Result<Vec<Value>, StoreError> {
    let (reasons, cause) = outcome_details(&evaluation.outcome)?;
    Ok(values![
        seq,
        outcome_name(evaluation.outcome.kind()),
        reasons,
        cause,
        to_json("scores", &evaluation.scores)?,
        &evaluation.evaluator,
        evaluation.evaluated_at,
        *is_detailed,
    ])
}

/// Makes the evaluation of a sample that could not be evaluated.
pub(crate) fn errored(cause: &str, evaluator: &str, now: Timestamp) -> StoredEvaluation {
    StoredEvaluation {
        outcome: Outcome::Errored(cause.to_owned()),
        scores: BTreeMap::new(),
        evaluator: evaluator.to_owned(),
        evaluated_at: now,
    }
}
