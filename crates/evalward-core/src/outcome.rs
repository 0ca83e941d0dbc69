//! What became of an example.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a trial; only [`Outcome::Passed`] is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every gating metric that applies passed, and at least one does.
    Passed,
    /// Something broke; every reason is kept, the most important first.
    Failed(Vec<Reason>),
    /// The example could not be evaluated, for this cause.
    Errored(String),
    /// Nothing that can fail applies to the example, for this reason.
    Skipped(String),
}

/// The name of an outcome.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// See [`Outcome::Passed`].
    Passed,
    /// See [`Outcome::Failed`].
    Failed,
    /// See [`Outcome::Errored`].
    Errored,
    /// See [`Outcome::Skipped`].
    Skipped,
}

/// One reason of a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// What kind of metric found it.
    pub kind: ReasonKind,
    /// The metric's id in the suite, or `checks` for the example's own.
    pub metric: String,
    /// What broke.
    pub message: String,
}

/// The kinds of reasons, in the order in which they are told.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// A constraint of the suite, or one of the example's own checks.
    Constraint,
    /// A claim that its context does not support.
    Hallucination,
    /// Too little similarity to the expected output.
    SemanticSimilarity,
    /// A judge's score below its threshold.
    Judge,
    /// Any other metric below its threshold.
    Metric,
}

impl Outcome {
    /// Returns the outcome's name.
    pub const fn kind(&self) -> OutcomeKind {
        match self {
            Self::Passed => OutcomeKind::Passed,
            Self::Failed(_) => OutcomeKind::Failed,
            Self::Errored(_) => OutcomeKind::Errored,
            Self::Skipped(_) => OutcomeKind::Skipped,
        }
    }
}

impl fmt::Display for OutcomeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
        })
    }
}
