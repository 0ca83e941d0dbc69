//! Patterns, candidates and reviews as HTTP and the command line write them.
//!
//! These are the shapes of an interface, which stay when the store's own change.

use evalward_core::{Digest, Example, InteractionId, Partition, Rules, Timestamp};
use evalward_store::{Candidate, CandidateReview, CandidateState, Pattern, PatternState};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::review::{as_promoted, needed_approvals, valid_approvers};

/// A group of failures with one cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PatternView {
    /// The versioned fingerprint, such as `p1-3f2a9c01b7de`.
    pub id: String,
    /// The metric's id in the suite, or `user`.
    pub metric: String,
    /// The rule that broke, where the metric has named rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the failures have in common: the masked message.
    pub title: String,
    /// `open`, `covered` or `recurred`.
    #[serde(with = "PatternStateName")]
    #[schemars(with = "PatternStateName")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<String>,
    /// The example that guards against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_by: Option<String>,
    /// When that was promoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_at: Option<Timestamp>,
    /// The version in which it recurred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurred_in: Option<String>,
    /// Some of its interactions, the newest first.
    pub representatives: Vec<InteractionId>,
}

/// A proposed example with its reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateView {
    /// The id, made from the pattern's.
    pub id: String,
    /// The pattern that it stands for.
    pub pattern: String,
    /// The interaction that it came from.
    pub interaction: InteractionId,
    /// `waiting`, `approved`, `rejected` or `promoted`.
    #[serde(with = "CandidateStateName")]
    #[schemars(with = "CandidateStateName")]
    pub state: CandidateState,
    /// The partition that it is meant for.
    pub partition: Partition,
    /// The example as it stands now.
    pub example: Example,
    /// The hash of what a review approves.
    pub content: Digest,
    /// The number of valid approvals.
    pub approvals: usize,
    /// The number of approvals that its partition asks for.
    pub needed_approvals: usize,
    /// What a reviewer must know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The reviews, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewView>,
    /// The id under which it was promoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted_as: Option<String>,
    /// A number that every change raises.
    pub revision: i64,
}

/// One review of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewView {
    /// Who.
    pub reviewer: String,
    /// When.
    pub at: Timestamp,
    /// Whether it approves; otherwise it rejects.
    pub approves: bool,
    /// What the reviewer wanted to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The hash of the content that was reviewed.
    pub content: String,
}

/// The patterns of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PatternList {
    /// The patterns, the largest first.
    pub patterns: Vec<PatternView>,
}

/// The candidates of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateList {
    /// The candidates, the oldest first.
    pub candidates: Vec<CandidateView>,
}

/// An approval, with what the reviewer corrects; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// Who approves.
    #[serde(default)]
    pub reviewer: String,
    /// Why the failure happened; needed unless an earlier review wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// The right answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_output: Option<String>,
    /// The example's own constraints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Rules>,
    /// The partition that the example is meant for; `regression` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// What the reviewer wants to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The revision that the reviewer looked at; another one refuses the review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// A rejection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectBody {
    /// Who rejects.
    #[serde(default)]
    pub reviewer: String,
    /// Why.
    #[serde(default)]
    pub note: String,
    /// The revision that the reviewer looked at; another one refuses the review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// The message that a candidate is in the dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromotedBody {
    /// The id under which it was promoted.
    #[serde(default)]
    pub example: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "PatternState", rename_all = "snake_case")]
enum PatternStateName {
    Open,
    Covered,
    Recurred,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "CandidateState", rename_all = "snake_case")]
enum CandidateStateName {
    Waiting,
    Approved,
    Rejected,
    Promoted,
}

/// The states of patterns by their names.
pub const PATTERN_STATES: [(&str, PatternState); 3] = [
    ("open", PatternState::Open),
    ("covered", PatternState::Covered),
    ("recurred", PatternState::Recurred),
];

/// The states of candidates by their names.
pub const CANDIDATE_STATES: [(&str, CandidateState); 4] = [
    ("waiting", CandidateState::Waiting),
    ("approved", CandidateState::Approved),
    ("rejected", CandidateState::Rejected),
    ("promoted", CandidateState::Promoted),
];

impl From<Pattern> for PatternView {
    fn from(pattern: Pattern) -> Self {
        Self {
            id: pattern.id,
            metric: pattern.metric,
            rule: pattern.rule,
            title: pattern.title,
            state: pattern.state,
            size: pattern.size,
            first_at: pattern.first_at,
            last_at: pattern.last_at,
            versions: pattern.versions,
            candidate: pattern.candidate,
            covered_by: pattern.covered_by,
            covered_at: pattern.covered_at,
            recurred_in: pattern.recurred_in,
            representatives: pattern.representatives,
        }
    }
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let content = as_promoted(&candidate.example).content_hash();
        let partition = candidate.example.partition;
        Self {
            approvals: valid_approvers(&candidate.reviews, content).len(),
            needed_approvals: needed_approvals(partition),
            id: candidate.id,
            pattern: candidate.pattern,
            interaction: candidate.interaction,
            state: candidate.state,
            partition,
            example: candidate.example,
            content,
            warnings: candidate.warnings,
            reviews: candidate.reviews.into_iter().map(ReviewView::from).collect(),
            promoted_as: candidate.promoted_as,
            revision: candidate.revision,
        }
    }
}

impl From<CandidateReview> for ReviewView {
    fn from(review: CandidateReview) -> Self {
        let CandidateReview { reviewer, at, approves, note, content } = review;
        Self { reviewer, at, approves, note, content }
    }
}

impl CandidateView {
    /// Puts the partition into the example, since a line does not say it and JSON does not carry it.
    pub(crate) fn with_partition(mut self) -> Self {
        self.example.partition = self.partition;
        self
    }

    /// Returns the example as its partition file will have it.
    pub fn to_example(&self) -> Example {
        as_promoted(&self.clone().with_partition().example)
    }
}
