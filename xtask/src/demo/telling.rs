//! How the story is told: numbered steps, each with what was seen.

use crate::console::say;

/// Tells the steps, one after the other.
#[derive(Debug, Default)]
pub(super) struct Teller {
    step: u32,
}

impl Teller {
    /// Begins a step.
    pub(super) fn step(&mut self, line: &str) {
        self.step += 1;
        say(&format!("{}. {line}", self.step));
    }
}

/// Tells what was seen in a step.
pub(super) fn seen(line: &str) {
    say(&format!("   {line}"));
}
