//! Why a request has no result.

use evalward_stats::StatsError;

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
}
