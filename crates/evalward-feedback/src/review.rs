//! Reviewing a candidate: what a reviewer may change, and when it is approved.

use std::collections::BTreeSet;

use evalward_core::{Digest, Example, ExampleId, Failure, Partition, Timestamp};
use evalward_metrics::validate_rules;
use evalward_store::{Candidate, CandidateEdit, CandidateReview, CandidateState};

use crate::privacy::{findings_in, kinds_in};
use crate::views::{ApproveBody, RejectBody};

/// Why a review is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// A field of the review is missing or wrong.
    #[error("`{field}` {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The candidate cannot be reviewed so.
    #[error("candidate `{candidate}` {problem}")]
    Candidate {
        /// The candidate.
        candidate: String,
        /// Why.
        problem: String,
    },
}

/// Returns what an approval changes: the example with the reviewer's corrections, and the state that follows.
///
/// A golden example needs two reviewers of one content, every other one needs one. Corrections that change the content outdate
/// the approvals before them, as in a dataset.
///
/// # Errors
/// [`ReviewError`] without a reviewer, a root cause, or something that tells a right answer from a wrong one; where personal
/// data or secrets would get into the dataset; and where the candidate changed in the meantime.
pub fn approve(
    candidate: &Candidate,
    body: &ApproveBody,
    now: Timestamp,
) -> Result<CandidateEdit, ReviewError> {
    require_open(candidate, body.revision)?;
    let reviewer = required("reviewer", &body.reviewer)?;
    let note = body.note.as_deref().unwrap_or_default().trim().to_owned();
    require_harmless("note", &note)?;
    let example = corrected(candidate, body)?;
    require_promotable(candidate, &example)?;
    let content = as_promoted(&example).content_hash();
    let review =
        CandidateReview { reviewer, at: now, approves: true, note, content: content.to_string() };
    let approvers = valid_approvers(candidate.reviews.iter().chain([&review]), content);
    let is_approved = approvers.len() >= needed_approvals(example.partition);
    let state = if is_approved { CandidateState::Approved } else { CandidateState::Waiting };
    Ok(CandidateEdit { revision: candidate.revision, example, state, review })
}

/// Returns what a rejection changes. A rejected candidate can still be approved, by as many reviewers as a new one.
///
/// # Errors
/// [`ReviewError`] without a reviewer or a note, and where the candidate changed in the meantime.
pub fn reject(
    candidate: &Candidate,
    body: &RejectBody,
    now: Timestamp,
) -> Result<CandidateEdit, ReviewError> {
    require_open(candidate, body.revision)?;
    let reviewer = required("reviewer", &body.reviewer)?;
    let note = required("note", &body.note)?;
    require_harmless("note", &note)?;
    let content = as_promoted(&candidate.example).content_hash().to_string();
    let review = CandidateReview { reviewer, at: now, approves: false, note, content };
    Ok(CandidateEdit {
        revision: candidate.revision,
        example: candidate.example.clone(),
        state: CandidateState::Rejected,
        review,
    })
}

/// Returns how many reviewers must approve a candidate for this partition.
pub const fn needed_approvals(partition: Partition) -> usize {
    match partition {
        Partition::Golden => 2,
        Partition::Regression | Partition::Adversarial | Partition::Distribution => 1,
    }
}

/// Returns who approved this content since the last rejection.
pub(crate) fn valid_approvers<'a>(
    reviews: impl IntoIterator<Item = &'a CandidateReview>,
    content: Digest,
) -> BTreeSet<&'a str> {
    let content = content.to_string();
    let mut approvers = BTreeSet::new();
    for review in reviews {
        if !review.approves {
            approvers.clear();
        } else if review.content == content {
            approvers.insert(review.reviewer.as_str());
        }
    }
    approvers
}

/// Returns the example as its partition file will have it: only regression examples have a failure of their own, so elsewhere it
/// becomes metadata.
pub fn as_promoted(example: &Example) -> Example {
    let mut promoted = example.clone();
    if promoted.partition != Partition::Regression
        && let Some(failure) = promoted.failure.take()
        && let Ok(value) = serde_json::to_value(&failure)
    {
        promoted.metadata.insert("failure".to_owned(), value);
    }
    promoted
}

fn require_open(candidate: &Candidate, revision: Option<i64>) -> Result<(), ReviewError> {
    if candidate.state == CandidateState::Promoted {
        let example = candidate.promoted_as.as_deref().unwrap_or("an example");
        return refuse(candidate, format!("is promoted as `{example}`"));
    }
    match revision {
        Some(revision) if revision != candidate.revision => refuse(
            candidate,
            format!(
                "was changed since revision {revision}, it is at {} now; look at it again",
                candidate.revision
            ),
        ),
        _ => Ok(()),
    }
}

fn corrected(candidate: &Candidate, body: &ApproveBody) -> Result<Example, ReviewError> {
    let mut example = candidate.example.clone();
    if let Some(partition) = body.partition {
        example.id = renamed(&example.id, example.partition, partition);
        example.partition = partition;
    }
    if let Some(expected) = &body.expected_output {
        example.expected_output = Some(required("expected_output", expected)?);
    }
    if let Some(checks) = &body.checks {
        if checks.is_empty() {
            return wrong("checks", "have no rule");
        }
        example.checks = Some(checks.clone());
    }
    let before = example.failure.take();
    let root_cause = match &body.root_cause {
        Some(root_cause) => required("root_cause", root_cause)?,
        None => required("root_cause", before.as_ref().map_or("", |it| &it.root_cause))?,
    };
    let nothing =
        Failure { root_cause: String::new(), observed_output: None, origin: None, fixed_at: None };
    example.failure = Some(Failure { root_cause, ..before.unwrap_or(nothing) });
    Ok(example)
}

/// Keeps the partition at the start of an id, where it stood before.
fn renamed(id: &ExampleId, from: Partition, to: Partition) -> ExampleId {
    let rest = id.as_str().strip_prefix(from.name());
    rest.and_then(|rest| ExampleId::new(format!("{}{rest}", to.name())).ok())
        .unwrap_or_else(|| id.clone())
}

fn require_promotable(candidate: &Candidate, example: &Example) -> Result<(), ReviewError> {
    let observed = example.failure.as_ref().and_then(|failure| failure.observed_output.as_deref());
    if example.input.is_empty() || observed.is_none() {
        return refuse(candidate, "has no texts: they were left out or never stored".to_owned());
    }
    if example.expected_output.is_none() && example.checks.is_none() {
        return wrong("expected_output", "is needed, or `checks` of the example's own");
    }
    if let Some(checks) = &example.checks
        && let Err(error) = validate_rules(checks)
    {
        let mut problem = format!("cannot be used: {error}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            problem.push_str(": ");
            problem.push_str(&error.to_string());
            cause = error.source();
        }
        return wrong("checks", problem);
    }
    if let Some(expected) = &example.expected_output {
        require_harmless("expected_output", expected)?;
    }
    require_harmless("root_cause", example.failure.as_ref().map_or("", |it| &it.root_cause))?;
    let findings = findings_in(example);
    if !findings.is_empty() {
        let found = findings.join(", ");
        return refuse(candidate, format!("still has personal data or secrets ({found})"));
    }
    Ok(())
}

fn require_harmless(field: &'static str, text: &str) -> Result<(), ReviewError> {
    let kinds = kinds_in(text);
    if kinds.is_empty() {
        return Ok(());
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    wrong(field, format!("has personal data or secrets ({})", kinds.join(", ")))
}

fn required(field: &'static str, text: &str) -> Result<String, ReviewError> {
    let text = text.trim();
    if text.is_empty() { wrong(field, "must not be empty") } else { Ok(text.to_owned()) }
}

fn wrong<T>(field: &'static str, problem: impl Into<String>) -> Result<T, ReviewError> {
    Err(ReviewError::Field { field, problem: problem.into() })
}

fn refuse<T>(candidate: &Candidate, problem: String) -> Result<T, ReviewError> {
    Err(ReviewError::Candidate { candidate: candidate.id.clone(), problem })
}
