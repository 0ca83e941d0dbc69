//! What users thought of answers.

use evalward_core::{InteractionId, Rate, Thumb, Timestamp};

use crate::codec::thumb_name;
use crate::database::{Connection, in_transaction};
use crate::dialect::Lock;
use crate::share::Shares;
use crate::value::values;
use crate::{Store, StoreError, second_phase, sql};

/// A user's thumb.
#[derive(Clone, Debug)]
pub struct NewFeedback {
    /// The project.
    pub project: String,
    /// The interaction.
    pub interaction: InteractionId,
    /// Up or down.
    pub thumb: Thumb,
    /// What the user said, redacted.
    pub comment: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// What sampling decides of an interaction with such feedback; `None` leaves it where it is.
    pub second_phase: Option<SecondPhase>,
}

/// The second phase of sampling: the interaction moves to this stratum, and becomes a sample where it was none.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondPhase {
    /// The stratum, such as `negative_feedback`.
    pub stratum: String,
    /// The probability of that stratum, above 0.
    pub probability: Rate,
    /// Whether this one becomes a sample.
    pub is_sampled: bool,
}

/// What became of feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedbackTaken {
    /// It is stored with its interaction.
    Recorded,
    /// It is stored, and waits for its interaction.
    Waiting,
    /// The same thumb was given before; nothing changed.
    Repeated,
}

impl Store {
    /// Stores feedback and, in the same transaction, moves its interaction to the second phase's stratum: counts of windows
    /// and weights of an evaluation move along, and a job is written unless one waits. A sample that was evaluated before is
    /// evaluated again.
    pub async fn add_feedback(&self, feedback: NewFeedback) -> Result<FeedbackTaken, StoreError> {
        if let Some(phase) = &feedback.second_phase
            && phase.probability.get() <= 0.0
        {
            return Err(StoreError::Conflict {
                operation: OPERATION,
                problem: format!("stratum `{}` has probability 0", phase.stratum),
            });
        }
        in_transaction!(self.database(), OPERATION, transaction => {
            add(&mut transaction, &feedback).await
        })
    }
}

const OPERATION: &str = "store feedback";

async fn add(
    transaction: &mut Connection,
    feedback: &NewFeedback,
) -> Result<FeedbackTaken, StoreError> {
    let phase = feedback.second_phase.as_ref();
    let values = values![
        &feedback.project,
        feedback.interaction.as_str(),
        thumb_name(feedback.thumb),
        feedback.comment.as_deref(),
        feedback.received_at,
        phase.map(|phase| phase.stratum.as_str()),
        phase.map(|phase| phase.probability.get()),
        phase.map(|phase| phase.is_sampled),
    ];
    if transaction.execute(sql::feedback::INSERT, values).await? == 0 {
        return Ok(FeedbackTaken::Repeated);
    }
    let mut seq = find(transaction, feedback).await?;
    if seq.is_none() {
        // It may be being stored right now; the lock waits for that, and keeps the next from missing this feedback.
        transaction.lock(Lock::WaitingFeedback).await?;
        seq = find(transaction, feedback).await?;
    }
    let Some(seq) = seq else { return Ok(FeedbackTaken::Waiting) };
    let key = values![&feedback.project, feedback.interaction.as_str()];
    transaction.execute(sql::feedback::ATTACH, key).await?;
    if let Some(phase) = phase {
        let mut shares = Shares::default();
        second_phase::apply(transaction, seq, phase, feedback.received_at, &mut shares).await?;
        shares.write(transaction).await?;
    }
    Ok(FeedbackTaken::Recorded)
}

async fn find(
    transaction: &mut Connection,
    feedback: &NewFeedback,
) -> Result<Option<i64>, StoreError> {
    let key = values![&feedback.project, feedback.interaction.as_str()];
    let row = transaction.row(sql::ingest::SEQ, key).await?;
    row.map(|row| row.integer("seq")).transpose()
}
