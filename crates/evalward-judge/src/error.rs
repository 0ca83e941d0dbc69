//! What is wrong with a judge.

/// The most samples of one answer: each is a call, and beyond some dozens their mean hardly moves.
pub(crate) const MOST_SAMPLES: u32 = 100;

/// Refuses more samples than are taken.
pub(crate) const fn check_samples(samples: std::num::NonZeroU32) -> Result<(), JudgeError> {
    if samples.get() > MOST_SAMPLES {
        return Err(JudgeError::Samples { samples: samples.get() });
    }
    Ok(())
}

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
    /// More samples of each answer than anybody needs.
    #[error("{samples} samples of each answer are more than the {MOST_SAMPLES} that are taken")]
    Samples {
        /// The number that was asked for.
        samples: u32,
    },
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
