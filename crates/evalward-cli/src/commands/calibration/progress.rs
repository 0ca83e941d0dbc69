//! How far a judge or another slow metric has come.

use evalward_core::Timestamp;

use crate::context::Context;

/// How often a line is written at most.
const EVERY_MILLIS: i64 = 5_000;

/// Writes a line now and then, so that nobody takes a slow model for a dead one.
pub(super) struct Progress {
    of: usize,
    done: usize,
    told_at: Timestamp,
}

impl Progress {
    pub(super) fn of(of: usize, context: &Context) -> Self {
        Self { of, done: 0, told_at: context.clock.now() }
    }

    /// Counts an answer that has its score.
    pub(super) fn advance(&mut self, context: &mut Context) {
        self.done += 1;
        let now = context.clock.now();
        if now.as_millis().saturating_sub(self.told_at.as_millis()) >= EVERY_MILLIS {
            self.told_at = now;
            context.note(&format!("scored {} of {} answers", self.done, self.of));
        }
    }
}
