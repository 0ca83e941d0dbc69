//! What a check finds.

use std::fmt;

/// A broken rule and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    /// Makes a finding; the line counts from 1.
    pub(super) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

#[cfg(test)]
#[track_caller]
pub(super) fn check(findings: &[Finding], expected: &[&str]) {
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(shown, expected);
}
