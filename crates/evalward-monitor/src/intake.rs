//! The way of an interaction from the wire into the store: redact, sample, store, wake the workers.

use std::sync::Arc;

use evalward_core::{Interaction, InteractionId, Thumb};
use evalward_store::{FeedbackTaken, Ingested, NewFeedback, NewInteraction, StoreError};
use tokio::task::spawn_blocking;

use crate::redaction::{redact_comment, redact_id, redact_interaction};
use crate::state::AppState;
use crate::telemetry;

/// Why interactions are not taken in; nothing of the batch is stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    /// Too many samples wait.
    #[error("{waiting} samples wait for their evaluation, {limit} at most may")]
    BacklogFull {
        /// How many wait.
        waiting: u64,
        /// How many may.
        limit: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in interactions, with one answer each in their order; returns after the commit.
pub(crate) async fn take_in(
    state: &AppState,
    project: &str,
    interactions: Vec<Interaction>,
) -> Result<Vec<Ingested>, IntakeError> {
    let limit = state.limits.backlog;
    let waiting = state.waiting.count();
    if waiting >= limit {
        telemetry::backlog_full(waiting, limit);
        return Err(IntakeError::BacklogFull { waiting, limit });
    }
    if interactions.is_empty() {
        return Ok(Vec::new());
    }
    let batch = prepare(state, project, interactions).await?;
    let taken = state.store.ingest(batch).await?;
    let sampled = taken.iter().filter(|taken| **taken == Ingested::Sampled).count();
    if sampled > 0 {
        state.waiting.add(u64::try_from(sampled).unwrap_or(u64::MAX));
        state.jobs.notify_one();
    }
    telemetry::taken_in(&taken);
    Ok(taken)
}

/// Redacts and samples a batch, beside the threads that answer requests.
async fn prepare(
    state: &AppState,
    project: &str,
    interactions: Vec<Interaction>,
) -> Result<Vec<NewInteraction>, StoreError> {
    let received_at = state.clock.now();
    let sampling = Arc::clone(&state.sampling);
    let project = project.to_owned();
    let prepared = spawn_blocking(move || {
        let mut withheld = 0;
        let mut prepare = |interaction: Interaction| {
            let was_withheld = interaction.withheld.is_some();
            let interaction = redact_interaction(interaction);
            withheld += u64::from(interaction.withheld.is_some() && !was_withheld);
            let decision = sampling.decide(&interaction);
            NewInteraction {
                project: project.clone(),
                interaction,
                received_at,
                segment: decision.segment,
                stratum: decision.stratum,
                probability: decision.probability,
                is_sampled: decision.is_sampled,
            }
        };
        let batch: Vec<NewInteraction> = interactions.into_iter().map(&mut prepare).collect();
        telemetry::withheld(withheld);
        batch
    });
    // The task ends early only with the runtime; then there is no store to write to either.
    prepared.await.map_err(|error| {
        telemetry::task_lost(&error);
        StoreError::Closed
    })
}

/// Takes in a user's thumb.
pub(crate) async fn take_in_feedback(
    state: &AppState,
    project: &str,
    interaction: InteractionId,
    thumb: Thumb,
    comment: Option<String>,
) -> Result<FeedbackTaken, IntakeError> {
    let second_phase = match thumb {
        Thumb::Down => state.sampling.disliked(),
        Thumb::Up => None,
    };
    let feedback = NewFeedback {
        project: project.to_owned(),
        interaction: redact_id(interaction),
        thumb,
        comment: comment.and_then(redact_comment),
        received_at: state.clock.now(),
        second_phase,
    };
    let taken = state.store.add_feedback(feedback).await?;
    if thumb == Thumb::Down && taken == FeedbackTaken::Recorded {
        state.jobs.notify_one();
    }
    telemetry::feedback_taken(taken);
    Ok(taken)
}
