//! What may be said of a claim.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a judge, or a person, may say of a claim.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimLabel {
    /// The context says so.
    Supported,
    /// The context does not say so, but it follows from it.
    ReasonableInference,
    /// The context says nothing of it.
    Unsupported,
    /// The context says otherwise.
    Contradicted,
    /// It states nothing that could be true or false: a greeting, a question, an offer.
    NotCheckable,
}

impl ClaimLabel {
    /// All labels.
    pub const ALL: [Self; 5] = [
        Self::Supported,
        Self::ReasonableInference,
        Self::Unsupported,
        Self::Contradicted,
        Self::NotCheckable,
    ];

    /// Returns whether the context does not bear the claim out: it says nothing of it, or otherwise.
    pub const fn is_unfounded(self) -> bool {
        matches!(self, Self::Unsupported | Self::Contradicted)
    }

    /// Returns the name, as answers spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supported => "SUPPORTED",
            Self::ReasonableInference => "REASONABLE_INFERENCE",
            Self::Unsupported => "UNSUPPORTED",
            Self::Contradicted => "CONTRADICTED",
            Self::NotCheckable => "NOT_CHECKABLE",
        }
    }
}

impl fmt::Display for ClaimLabel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
