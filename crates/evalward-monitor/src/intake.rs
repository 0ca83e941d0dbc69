//! The way of an interaction from the wire into the store: redact, sample, store, wake the workers.

use evalward_core::{Interaction, InteractionId, Thumb};
use evalward_store::{FeedbackTaken, Ingested, StoreError};

use crate::state::AppState;

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
    let _ = (state, project, interactions);
    todo!()
}

/// Takes in a user's thumb.
pub(crate) async fn take_in_feedback(
    state: &AppState,
    project: &str,
    interaction: InteractionId,
    thumb: Thumb,
    comment: Option<String>,
) -> Result<FeedbackTaken, IntakeError> {
    let _ = (state, project, interaction, thumb, comment);
    todo!()
}
