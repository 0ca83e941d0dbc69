//! Proposed regression examples and their reviews.

use evalward_core::{Example, InteractionId, Timestamp};

use crate::{Store, StoreError};

/// A candidate that a failure proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCandidate {
    /// The id, made from the pattern's.
    pub id: String,
    /// The proposed example, redacted, with the observed bad output and its origin, without an expectation.
    pub example: Example,
    /// What a reviewer must know before approving it, such as personal data that could not be masked.
    pub warnings: Vec<String>,
}

/// Where a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateState {
    /// It waits for a review, or for another one.
    Waiting,
    /// Enough reviewers approved its present content.
    Approved,
    /// A reviewer rejected it.
    Rejected,
    /// It is in the dataset.
    Promoted,
}

/// One review of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateReview {
    /// Who.
    pub reviewer: String,
    /// When.
    pub at: Timestamp,
    /// Whether it approves; otherwise it rejects.
    pub approves: bool,
    /// What the reviewer wanted to say.
    pub note: String,
    /// The hash of the content that was reviewed.
    pub content: String,
}

/// A proposed regression example.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The id.
    pub id: String,
    /// The project.
    pub project: String,
    /// The pattern that it stands for.
    pub pattern: String,
    /// The interaction that it came from.
    pub interaction: InteractionId,
    /// Where it stands.
    pub state: CandidateState,
    /// The example as it stands now, in its partition.
    pub example: Example,
    /// What a reviewer must know.
    pub warnings: Vec<String>,
    /// The reviews, the oldest first.
    pub reviews: Vec<CandidateReview>,
    /// The id under which it was promoted.
    pub promoted_as: Option<String>,
    /// A number that every change raises.
    pub revision: i64,
}

/// A change of a candidate by a review.
#[derive(Clone, Debug)]
pub struct CandidateEdit {
    /// The revision that the reviewer looked at; another one refuses the change.
    pub revision: i64,
    /// The example as it stands now.
    pub example: Example,
    /// The state from now on.
    pub state: CandidateState,
    /// The review.
    pub review: CandidateReview,
}

impl Store {
    /// Lists candidates, the oldest first; those in one state where one is given.
    pub async fn candidates(
        &self,
        project: &str,
        state: Option<CandidateState>,
    ) -> Result<Vec<Candidate>, StoreError> {
        let _ = (project, state);
        todo!()
    }

    /// Reads a candidate.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn candidate(&self, project: &str, id: &str) -> Result<Candidate, StoreError> {
        let _ = (project, id);
        todo!()
    }

    /// Stores a review and what it changes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the candidate was changed since that revision, or is promoted.
    pub async fn review_candidate(
        &self,
        project: &str,
        id: &str,
        edit: CandidateEdit,
    ) -> Result<Candidate, StoreError> {
        let _ = (project, id, edit);
        todo!()
    }
}
