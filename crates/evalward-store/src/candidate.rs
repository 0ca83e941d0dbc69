//! Proposed regression examples and their reviews.

use evalward_core::{Example, InteractionId, Timestamp};

use crate::codec::{example_from_json, example_to_json, from_json, interaction_id, names};
use crate::database::{Connection, in_transaction};
use crate::value::{Row, values};
use crate::{Store, StoreError, sql};

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

names!(
    CandidateState,
    "state",
    Waiting = "waiting",
    Approved = "approved",
    Rejected = "rejected",
    Promoted = "promoted"
);

const REVIEW: &str = "review a candidate";

impl Store {
    /// Lists candidates, the oldest first; those in one state where one is given.
    pub async fn candidates(
        &self,
        project: &str,
        state: Option<CandidateState>,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut connection = self.database().read("list candidates").await?;
        let rows = match state {
            None => connection.rows(sql::candidate::LIST, values![project]).await?,
            Some(state) => {
                let values = values![project, state.name()];
                connection.rows(sql::candidate::LIST_IN_STATE, values).await?
            }
        };
        let mut candidates = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        for candidate in &mut candidates {
            read_reviews(&mut connection, candidate).await?;
        }
        Ok(candidates)
    }

    /// Reads a candidate.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn candidate(&self, project: &str, id: &str) -> Result<Candidate, StoreError> {
        let mut connection = self.database().read("read a candidate").await?;
        read_whole(&mut connection, project, id).await
    }

    /// Stores a review and what it changes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the candidate was changed since that revision, or is promoted;
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn review_candidate(
        &self,
        project: &str,
        id: &str,
        edit: CandidateEdit,
    ) -> Result<Candidate, StoreError> {
        in_transaction!(self.database(), REVIEW, transaction => {
            transaction.lock_candidate(project, id).await?;
            let found = read_whole(&mut transaction, project, id).await?;
            refuse(&found, &edit)?;
            store_edit(&mut transaction, project, id, &edit).await?;
            read_whole(&mut transaction, project, id).await
        })
    }
}

fn refuse(found: &Candidate, edit: &CandidateEdit) -> Result<(), StoreError> {
    let problem = if found.state == CandidateState::Promoted {
        format!("candidate `{}` is promoted already", found.id)
    } else if found.revision != edit.revision {
        format!(
            "candidate `{}` was changed since revision {}, it has revision {} now; look at it again",
            found.id, edit.revision, found.revision
        )
    } else {
        return Ok(());
    };
    Err(StoreError::Conflict { operation: REVIEW, problem })
}

async fn store_edit(
    transaction: &mut Connection,
    project: &str,
    id: &str,
    edit: &CandidateEdit,
) -> Result<(), StoreError> {
    let example = example_to_json(&edit.example)?;
    let values = values![project, id, edit.revision, example, edit.state.name()];
    transaction.execute(sql::candidate::EDIT, values).await?;
    let review = &edit.review;
    let values = values![
        project,
        id,
        &review.reviewer,
        review.at,
        review.approves,
        &review.note,
        &review.content,
    ];
    transaction.execute(sql::candidate::ADD_REVIEW, values).await.map(drop)
}

pub(crate) async fn read_whole(
    connection: &mut Connection,
    project: &str,
    id: &str,
) -> Result<Candidate, StoreError> {
    let row = connection.row(sql::candidate::READ, values![project, id]).await?;
    let row = row.ok_or_else(|| StoreError::NotFound { what: "candidate", id: id.to_owned() })?;
    let mut candidate = read(&row)?;
    read_reviews(connection, &mut candidate).await?;
    Ok(candidate)
}

fn read(row: &Row) -> Result<Candidate, StoreError> {
    Ok(Candidate {
        id: row.text("id")?,
        project: row.text("project")?,
        pattern: row.text("pattern")?,
        interaction: interaction_id(row, "interaction")?,
        state: CandidateState::from_name(&row.text("state")?)?,
        example: example_from_json(&row.text("example")?)?,
        warnings: from_json("warnings", &row.text("warnings")?)?,
        reviews: Vec::new(),
        promoted_as: row.optional_text("promoted_as")?,
        revision: row.integer("revision")?,
    })
}

async fn read_reviews(
    connection: &mut Connection,
    candidate: &mut Candidate,
) -> Result<(), StoreError> {
    let key = values![&candidate.project, &candidate.id];
    for row in connection.rows(sql::candidate::REVIEWS, key).await? {
        candidate.reviews.push(CandidateReview {
            reviewer: row.text("reviewer")?,
            at: row.moment("reviewed_at")?,
            approves: row.flag("approves")?,
            note: row.text("note")?,
            content: row.text("content")?,
        });
    }
    Ok(())
}
