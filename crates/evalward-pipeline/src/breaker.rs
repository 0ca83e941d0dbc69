//! When to stop asking a subject that does not answer.

use evalward_core::{CallError, CallErrorKind};

/// Opens when going on is pointless, so that a dead endpoint fails a run in seconds.
///
/// It opens at the first call that finds nobody while none was ever answered, and after several failures in a row otherwise.
#[derive(Debug, Default)]
pub struct Breaker {
    answered: bool,
    unreachable_in_a_row: u32,
    failed_in_a_row: u32,
    opened_by: Option<String>,
}

/// How many calls in a row may find nobody at a subject that answered before.
const UNREACHABLE_LIMIT: u32 = 5;

/// How many calls in a row may fail for any reason but a missing recording.
const FAILURE_LIMIT: u32 = 20;

impl Breaker {
    /// Takes in an answered call.
    pub fn succeeded(&mut self) {
        self.answered = true;
        self.unreachable_in_a_row = 0;
        self.failed_in_a_row = 0;
    }

    /// Takes in a failed call, its retries exhausted.
    pub fn failed(&mut self, error: &CallError) {
        if error.kind == CallErrorKind::Unrecorded {
            return;
        }
        self.failed_in_a_row += 1;
        if error.kind == CallErrorKind::Unreachable {
            self.unreachable_in_a_row += 1;
        } else {
            self.unreachable_in_a_row = 0;
        }
        let dead = self.unreachable_in_a_row >= if self.answered { UNREACHABLE_LIMIT } else { 1 };
        if self.opened_by.is_none() && (dead || self.failed_in_a_row >= FAILURE_LIMIT) {
            self.opened_by = Some(if dead {
                error.message.clone()
            } else {
                format!(
                    "{} calls in a row failed, the last one: {}",
                    self.failed_in_a_row, error.message
                )
            });
        }
    }

    /// Returns why the breaker is open, or `None` while it is closed.
    pub fn opened_by(&self) -> Option<&str> {
        self.opened_by.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: CallErrorKind) -> CallError {
        CallError::new(kind, "no")
    }

    #[test]
    fn opens_at_once_when_nobody_ever_answered() {
        let mut breaker = Breaker::default();
        breaker.failed(&error(CallErrorKind::Unreachable));
        assert_eq!(breaker.opened_by(), Some("no"));
    }

    #[test]
    fn is_patient_with_a_subject_that_answered() {
        let mut breaker = Breaker::default();
        breaker.succeeded();
        for _ in 1..UNREACHABLE_LIMIT {
            breaker.failed(&error(CallErrorKind::Unreachable));
        }
        assert_eq!(breaker.opened_by(), None);
        breaker.succeeded();
        for _ in 0..UNREACHABLE_LIMIT {
            breaker.failed(&error(CallErrorKind::Unreachable));
        }
        assert!(breaker.opened_by().is_some());
    }

    #[test]
    fn missing_recordings_never_open_it() {
        let mut breaker = Breaker::default();
        for _ in 0..100 {
            breaker.failed(&error(CallErrorKind::Unrecorded));
        }
        assert_eq!(breaker.opened_by(), None);
        for _ in 0..FAILURE_LIMIT {
            breaker.failed(&error(CallErrorKind::Refused));
        }
        assert!(
            breaker
                .opened_by()
                .is_some_and(|reason| reason.starts_with("20 calls in a row failed"))
        );
    }
}
