//! What a request of spans comes to.

use std::collections::BTreeMap;

use evalward_core::Interaction;

use super::telemetry;

/// Which spans become interactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SpanChoice {
    /// Each call of a model.
    #[default]
    Generations,
    /// Each span without a parent that carries an input and an output.
    Roots,
}

/// The body is not what its content type says.
#[derive(Debug, thiserror::Error)]
#[error("the body is not an OTLP trace request in {encoding}: {problem}")]
pub(crate) struct Undecodable {
    /// `protobuf` or `JSON`.
    pub(super) encoding: &'static str,
    /// What is wrong with it.
    pub(super) problem: String,
}

/// What a request of spans comes to: interactions, spans that are none, and spans that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The interactions, in the order of their spans.
    pub(crate) interactions: Vec<Interaction>,
    pub(super) ignored: u64,
    pub(super) bad: u64,
    pub(super) problems: Vec<String>,
    /// How many attributes no mapping knows, by the first part of their name.
    pub(super) unmapped: BTreeMap<&'static str, u64>,
}

/// How many problems the answer to a sender tells.
const TOLD_PROBLEMS: usize = 3;

impl Batch {
    /// Returns how many spans were seen so far.
    pub(crate) fn spans(&self) -> u64 {
        u64::try_from(self.interactions.len()).unwrap_or(u64::MAX) + self.ignored + self.bad
    }

    /// Counts a span that cannot be read.
    pub(super) fn reject(&mut self, problem: &str) {
        if self.problems.len() < TOLD_PROBLEMS {
            self.problems.push(format!("span {}: {problem}", self.spans()));
        }
        self.bad += 1;
    }

    /// Returns how many spans could not be read.
    pub(crate) const fn rejected(&self) -> u64 {
        self.bad
    }

    /// Returns what was wrong with the spans that could not be read; empty where none was.
    pub(crate) fn message(&self) -> String {
        if self.bad == 0 {
            return String::new();
        }
        let verb = if self.bad == 1 { "was" } else { "were" };
        let mut message = format!("{} of {} spans {verb} rejected", self.bad, self.spans());
        for problem in &self.problems {
            message.push_str("; ");
            message.push_str(problem);
        }
        message
    }

    /// Counts in the metrics what came of the request.
    pub(crate) fn count(&self) {
        telemetry::spans("ignored", self.ignored);
        telemetry::spans("rejected", self.bad);
        telemetry::spans("mapped", u64::try_from(self.interactions.len()).unwrap_or(u64::MAX));
        for (prefix, count) in &self.unmapped {
            telemetry::unmapped(prefix, *count);
        }
    }
}
