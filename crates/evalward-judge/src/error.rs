//! What is wrong with a judge.

/// The error for a judge that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The scale of a criterion is not whole.
    #[error("criterion `{criterion}`: {reason}")]
    Anchors {
        /// The criterion.
        criterion: String,
        /// What is wrong with its anchors.
        reason: String,
    },
    /// Nothing is judged.
    #[error("the judge has no criterion")]
    NoCriteria,
    /// A criterion asks nothing.
    #[error("criterion `{0}` has no question")]
    NoQuestion(String),
    /// Criteria whose scores cannot be averaged.
    #[error(
        "criteria `{first}` and `{second}` have different scales, so that they have no mean; name the one that counts"
    )]
    Scales {
        /// A criterion.
        first: String,
        /// Another one.
        second: String,
    },
    /// The criterion that counts is none of the judge's.
    #[error("`{0}` is none of the criteria")]
    NoSuchCriterion(String),
    /// A demonstration does not fit the criteria.
    #[error("demonstration {number}: {reason}")]
    Demonstration {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A template cannot be used.
    #[error("template `{name}`, line {line}: {reason}")]
    Template {
        /// The template's name.
        name: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}
