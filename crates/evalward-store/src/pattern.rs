//! Groups of failures with one cause.

use evalward_core::{InteractionId, Timestamp};

use crate::codec::{interaction_id, names};
use crate::database::{Connection, in_transaction};
use crate::value::{Row, values};
use crate::{CandidateState, NewCandidate, Store, StoreError, candidate, sql};

/// How many of its interactions stand for a pattern.
const REPRESENTATIVES: i64 = 5;

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

names!(PatternState, "state", Open = "open", Covered = "covered", Recurred = "recurred");

impl Store {
    /// Lists patterns, the largest first; those in one state where one is given.
    pub async fn patterns(
        &self,
        project: &str,
        state: Option<PatternState>,
    ) -> Result<Vec<Pattern>, StoreError> {
        let mut connection = self.database().read("list patterns").await?;
        let rows = match state {
            None => connection.rows(sql::pattern::LIST, values![project]).await?,
            Some(state) => {
                let values = values![project, state.name()];
                connection.rows(sql::pattern::LIST_IN_STATE, values).await?
            }
        };
        let mut patterns = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        for pattern in &mut patterns {
            complete(&mut connection, pattern).await?;
        }
        Ok(patterns)
    }

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn pattern(&self, project: &str, id: &str) -> Result<Pattern, StoreError> {
        let mut connection = self.database().read("read a pattern").await?;
        read_whole(&mut connection, project, id).await
    }

    /// Marks a candidate as promoted and its pattern as covered by the example, in one transaction; a failure in a version
    /// of which no interaction came in before `now` has then recurred. Repeating it changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such candidate, [`StoreError::Conflict`] where it is not approved, or was
    /// promoted as another example.
    pub async fn cover(
        &self,
        project: &str,
        candidate: &str,
        example: &str,
        now: Timestamp,
    ) -> Result<Pattern, StoreError> {
        in_transaction!(self.database(), COVER, transaction => {
            transaction.lock_candidate(project, candidate).await?;
            let found = candidate::read_whole(&mut transaction, project, candidate).await?;
            let problem = match (found.state, &found.promoted_as) {
                (CandidateState::Approved, _) => None,
                (CandidateState::Promoted, Some(other)) if other == example => {
                    return read_whole(&mut transaction, project, &found.pattern).await;
                }
                (CandidateState::Promoted, other) => {
                    let other = other.as_deref().unwrap_or_default();
                    Some(format!("candidate `{candidate}` was promoted as `{other}`"))
                }
                (state, _) => {
                    Some(format!("candidate `{candidate}` is {}, not approved", state.name()))
                }
            };
            if let Some(problem) = problem {
                return Err(StoreError::Conflict { operation: COVER, problem });
            }
            let promoted = values![project, candidate, example];
            transaction.execute(sql::candidate::PROMOTE, promoted).await?;
            let covered = values![project, &found.pattern, example, now];
            transaction.execute(sql::pattern::COVER, covered).await?;
            read_whole(&mut transaction, project, &found.pattern).await
        })
    }
}

const COVER: &str = "cover a pattern";

async fn read_whole(
    connection: &mut Connection,
    project: &str,
    id: &str,
) -> Result<Pattern, StoreError> {
    let row = connection.row(sql::pattern::READ, values![project, id]).await?;
    let row = row.ok_or_else(|| StoreError::NotFound { what: "pattern", id: id.to_owned() })?;
    let mut pattern = read(&row)?;
    complete(connection, &mut pattern).await?;
    Ok(pattern)
}

/// Reads the row of a pattern, without its versions and representatives.
pub(crate) fn read(row: &Row) -> Result<Pattern, StoreError> {
    Ok(Pattern {
        id: row.text("id")?,
        project: row.text("project")?,
        metric: row.text("metric")?,
        rule: row.optional_text("rule")?,
        title: row.text("title")?,
        state: PatternState::from_name(&row.text("state")?)?,
        size: row.count("size")?,
        first_at: row.moment("first_at")?,
        last_at: row.moment("last_at")?,
        versions: Vec::new(),
        candidate: row.optional_text("candidate")?,
        covered_by: row.optional_text("covered_by")?,
        covered_at: row.optional_moment("covered_at")?,
        recurred_in: row.optional_text("recurred_in")?,
        representatives: Vec::new(),
    })
}

/// Adds the versions and representatives of a pattern.
pub(crate) async fn complete(
    connection: &mut Connection,
    pattern: &mut Pattern,
) -> Result<(), StoreError> {
    let key = values![&pattern.project, &pattern.id];
    let versions = connection.rows(sql::pattern::VERSIONS, key).await?;
    pattern.versions = versions.iter().map(|row| row.text("version")).collect::<Result<_, _>>()?;
    let key = values![&pattern.project, &pattern.id, REPRESENTATIVES];
    let rows = connection.rows(sql::pattern::REPRESENTATIVES, key).await?;
    let ids = rows.iter().map(|row| interaction_id(row, "id"));
    pattern.representatives = ids.collect::<Result<_, _>>()?;
    Ok(())
}
