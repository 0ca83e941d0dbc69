//! The command: which measurement to make.

use anyhow::Result;
use clap::Subcommand;

use super::memory;
use crate::repository::Repository;

/// The measurements.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// How much memory a run takes, and how it grows with the dataset
    Memory {
        /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
        #[arg(long)]
        write: bool,
    },
}

/// Makes a measurement.
pub(crate) fn run(repository: &Repository, what: &Bench) -> Result<()> {
    match what {
        Bench::Memory { write } => memory::run(repository, *write),
    }
}
