//! The command: which measurement to make.

use anyhow::Result;
use clap::Subcommand;

use super::load::{self, LoadArgs};
use super::overhead::{self, OverheadArgs, ScaleArgs};
use super::similarity::{self, SimilarityArgs};
use super::{duplicates, ingest, memory, metrics, stats};
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
    /// Whether planted near-duplicates are found, and what the search takes
    Duplicates {
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
    /// How much processor time the statistics take, beside scipy and other references
    Stats {
        /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
        #[arg(long)]
        write: bool,
    },
    /// How far the local model agrees with people on pairs of sentences, beside its reference
    Similarity(SimilarityArgs),
    /// How much processor time the metrics of texts take, beside rouge-score, sacrebleu and other references
    Metrics {
        /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
        #[arg(long)]
        write: bool,
    },
    /// How much longer a run takes than its calls, beside other tools
    Overhead(OverheadArgs),
    /// Whether a run of 100,000 examples keeps up with the model, and what it takes
    Scale(ScaleArgs),
    /// The process that sends the spans; `ingest` starts it
    #[command(hide = true)]
    IngestLoad(LoadArgs),
}

/// Makes a measurement.
pub(crate) fn run(repository: &Repository, what: &Bench) -> Result<()> {
    match what {
        Bench::Memory { write } => memory::run(repository, *write),
        Bench::Duplicates { write } => duplicates::run(repository, *write),
        Bench::Ingest { write } => ingest::run(repository, *write),
        Bench::Stats { write } => stats::run(repository, *write),
        Bench::Similarity(args) => similarity::run(repository, args),
        Bench::Metrics { write } => metrics::run(repository, *write),
        Bench::Overhead(args) => overhead::run(repository, args),
        Bench::Scale(args) => overhead::run_scale(repository, *args),
        Bench::IngestLoad(args) => load::run(*args),
    }
}
