//! The command: which measurement to make.

use anyhow::Result;
use clap::Subcommand;

use super::load::{self, LoadArgs};
use super::{ingest, memory};
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
    /// How many spans a second the monitor takes in durably
    Ingest {
        /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
        #[arg(long)]
        write: bool,
    },
    /// The process that sends the spans; `ingest` starts it
    #[command(hide = true)]
    IngestLoad(LoadArgs),
}

/// Makes a measurement.
pub(crate) fn run(repository: &Repository, what: &Bench) -> Result<()> {
    match what {
        Bench::Memory { write } => memory::run(repository, *write),
        Bench::Ingest { write } => ingest::run(repository, *write),
        Bench::IngestLoad(args) => load::run(*args),
    }
}
