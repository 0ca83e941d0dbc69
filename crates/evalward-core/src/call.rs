//! Why a call of the outside world failed.

use std::fmt;

/// The error of a call of a subject, a model or a metric's program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    /// What kind of failure it is.
    pub kind: CallErrorKind,
    /// What happened and, where known, what to do.
    pub message: String,
    /// The number of attempts that were made.
    pub attempts: u32,
}

/// What kind of failure a call met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// Nobody answers at the address, or the program cannot be started.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The server refuses: bad credentials, unknown model or path.
    Refused,
    /// The server does not take a request of this form.
    BadRequest,
    /// The server asks to slow down, and went on asking.
    RateLimited,
    /// The server or program failed.
    Failed,
    /// The answer does not have the agreed form.
    Malformed,
    /// The answer is not in the recording.
    Unrecorded,
}

impl CallError {
    /// Makes an error of one attempt.
    pub fn new(kind: CallErrorKind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string(), attempts: 1 }
    }

    /// Returns whether every other call would meet the same failure, so that going on is pointless.
    pub const fn is_permanent(&self) -> bool {
        matches!(
            self.kind,
            CallErrorKind::Unreachable | CallErrorKind::Refused | CallErrorKind::BadRequest
        )
    }
}
