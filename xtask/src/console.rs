//! What the commands print: results on stdout, complaints on stderr, and how long things took.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Prints a line on stdout.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell when the output is closed; the exit code still counts.
    drop(writeln!(io::stdout(), "{line}"));
}

/// Prints a line on stderr.
pub(crate) fn complain(line: &str) {
    drop(writeln!(io::stderr(), "{line}"));
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(
        clippy::disallowed_methods,
        reason = "automation is the edge; no result depends on the time"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Writes a duration for people.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
