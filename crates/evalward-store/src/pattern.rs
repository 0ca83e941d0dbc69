//! Groups of failures with one cause.

use evalward_core::{InteractionId, Timestamp};

use crate::{NewCandidate, Store, StoreError};

/// One failure of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFailure {
    /// The id of the pattern that it belongs to: a versioned fingerprint, such as `p1-3f2a9c01b7de`.
    pub pattern: String,
    /// The metric's id in the suite, or `user` for a thumb down.
    pub metric: String,
    /// The rule that broke, where the metric has named rules.
    pub rule: Option<String>,
    /// What the failures of the pattern have in common: the masked message.
    pub title: String,
    /// The message of this failure.
    pub message: String,
    /// The candidate, should the pattern have none yet.
    pub candidate: Option<NewCandidate>,
}

/// Where a pattern stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatternState {
    /// No example guards against it.
    Open,
    /// A promoted example guards against it.
    Covered,
    /// It failed again, in a version that came after the example.
    Recurred,
}

/// A group of failures with one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The versioned fingerprint.
    pub id: String,
    /// The project.
    pub project: String,
    /// The metric's id in the suite.
    pub metric: String,
    /// The rule that broke.
    pub rule: Option<String>,
    /// What the failures have in common.
    pub title: String,
    /// Where it stands.
    pub state: PatternState,
    /// The number of failures.
    pub size: u64,
    /// When the first came in.
    pub first_at: Timestamp,
    /// When the last came in.
    pub last_at: Timestamp,
    /// The versions of the application in which it failed, the oldest first.
    pub versions: Vec<String>,
    /// Its candidate.
    pub candidate: Option<String>,
    /// The example that guards against it.
    pub covered_by: Option<String>,
    /// When that was promoted.
    pub covered_at: Option<Timestamp>,
    /// The version in which it recurred.
    pub recurred_in: Option<String>,
    /// Some of its interactions, the newest first.
    pub representatives: Vec<InteractionId>,
}

impl Store {
    /// Lists patterns, the largest first; those in one state where one is given.
    pub async fn patterns(
        &self,
        project: &str,
        state: Option<PatternState>,
    ) -> Result<Vec<Pattern>, StoreError> {
        let _ = (project, state);
        todo!()
    }

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn pattern(&self, project: &str, id: &str) -> Result<Pattern, StoreError> {
        let _ = (project, id);
        todo!()
    }

    /// Marks a candidate as promoted and its pattern as covered by the example, in one transaction; a failure in a version
    /// that was not seen before `now` has then recurred. Repeating it changes nothing.
    pub async fn cover(
        &self,
        project: &str,
        candidate: &str,
        example: &str,
        now: Timestamp,
    ) -> Result<Pattern, StoreError> {
        let _ = (project, candidate, example, now);
        todo!()
    }
}
