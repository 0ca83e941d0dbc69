//! The examples that every tool judges, and how they are judged.

use std::path::PathBuf;

use anyhow::Result;

use crate::repository::{Profile, Repository};

/// How long the server takes for an answer, in milliseconds.
pub(super) const LATENCY_MILLIS: u32 = 50;

/// What is measured, and with what.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The examples, each with one call.
    pub(super) examples: u32,
    /// The calls at once.
    pub(super) concurrency: u32,
    /// How often each tool is measured.
    pub(super) rounds: usize,
    /// The model server.
    pub(super) load_server: PathBuf,
    /// Where tools are installed.
    pub(super) target: PathBuf,
}

impl Setting {
    /// Builds the model server for so many examples, calls at once, and rounds.
    pub(super) fn new(
        repository: &Repository,
        examples: u32,
        concurrency: u32,
        rounds: u8,
    ) -> Result<Self> {
        const SERVER: &str = "evalward-loadserver";
        let load_server = repository.build(SERVER, SERVER, Profile::Release)?;
        let (rounds, target) = (usize::from(rounds), repository.target()?);
        Ok(Self { examples, concurrency, rounds, load_server, target })
    }

    /// Returns the seconds that the calls take by themselves.
    pub(super) fn ideal_seconds(&self) -> f64 {
        f64::from(self.examples.div_ceil(self.concurrency)) * f64::from(LATENCY_MILLIS) / 1e3
    }

    /// Returns the examples.
    pub(super) fn examples(&self) -> impl Iterator<Item = Example> {
        (1..=self.examples).map(Example::of_number)
    }
}

/// A question with the given answer and the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) input: String,
    pub(super) output: String,
    pub(super) expected: String,
}

impl Example {
    fn of_number(number: u32) -> Self {
        Self {
            input: format!("What is the capital of country {number}?"),
            output: format!("The capital of country {number} is town {number}."),
            expected: format!("Town {number}"),
        }
    }
}

/// Writes the examples as CSV; no text has a comma or a quotation mark.
pub(super) fn csv(examples: impl Iterator<Item = Example>) -> String {
    let heading = ["input,output,expected\n".to_owned()];
    let line = |it: Example| format!("{},{},{}\n", it.input, it.output, it.expected);
    heading.into_iter().chain(examples.map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_set_the_ideal() {
        let (load_server, target) = (PathBuf::new(), PathBuf::new());
        let setting = Setting { examples: 1000, concurrency: 50, rounds: 1, load_server, target };
        assert!((setting.ideal_seconds() - 1.0).abs() < 1e-12);
        let text = csv(setting.examples().take(1));
        let line = "What is the capital of country 1?,The capital of country 1 is town 1.,Town 1";
        assert_eq!(text, format!("input,output,expected\n{line}\n"));
    }
}
