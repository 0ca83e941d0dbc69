//! Why a request has no result.

use evalward_stats::StatsError;
use serde_json::{Value, json};

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The statistic cannot be computed from this input.
    #[error(transparent)]
    Statistic(#[from] StatsError),
    /// The request is not one.
    #[error("{0}")]
    BadRequest(String),
}

impl Failure {
    /// Returns the name of the kind, as answers spell it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Statistic(StatsError::TooFew { .. }) => "too_few",
            Self::Statistic(StatsError::Degenerate { .. }) => "degenerate",
            Self::Statistic(StatsError::OutOfDomain { .. } | StatsError::Unequal { .. }) => {
                "out_of_domain"
            }
            Self::Statistic(StatsError::NotFinite { .. }) => "not_finite",
            Self::BadRequest(_) => "bad_request",
        }
    }

    /// Returns the error as answers carry it.
    pub(crate) fn to_json(&self) -> Value {
        json!({"kind": self.kind(), "message": self.to_string()})
    }
}
