//! The words for severities and states in answers and notifications.

use evalward_store::{AlertState, Severity};

/// Returns the word for a severity.
pub(crate) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Medium => "medium",
        Severity::High => "high",
    }
}

/// Returns the word for a state.
pub(crate) const fn state_word(state: AlertState) -> &'static str {
    match state {
        AlertState::Firing => "firing",
        AlertState::Acknowledged => "acknowledged",
        AlertState::Resolved => "resolved",
    }
}
