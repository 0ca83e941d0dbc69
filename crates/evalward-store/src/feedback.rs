//! What users thought of answers.

use evalward_core::{InteractionId, Rate, Thumb, Timestamp};

use crate::{Store, StoreError};

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
        let _ = feedback;
        todo!()
    }
}
