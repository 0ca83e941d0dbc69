//! Why there are no paraphrases.

use evalward_core::CallError;

/// The error of asking a model for paraphrases.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParaphraseError {
    /// The model did not answer.
    #[error("failed to ask for paraphrases of `{parent}` (`paraphrases.{rule}`)")]
    Call {
        /// The rule of the recipe.
        rule: String,
        /// The example.
        parent: String,
        /// Why.
        #[source]
        source: CallError,
    },
    /// The model's answer is not a list of texts, not even when it was asked again.
    #[error(
        "failed to read the paraphrases of `{parent}` (`paraphrases.{rule}`), asked for twice: {problem}; the answer starts: {start}"
    )]
    Malformed {
        /// The rule of the recipe.
        rule: String,
        /// The example.
        parent: String,
        /// What is wrong with the answer.
        problem: String,
        /// The start of the answer.
        start: String,
    },
}

impl ParaphraseError {
    /// Returns a way out, where one is known.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Call { .. } => None,
            Self::Malformed { .. } => Some(
                "ask a larger model, raise `max_tokens`, or demand the form by `parameters.response_format`; a recording keeps bad answers too, so record into another file",
            ),
        }
    }
}
