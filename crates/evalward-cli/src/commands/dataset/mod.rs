//! `evalward dataset`: what people do with datasets apart from running suites on them.

mod approve;
mod check;
mod contamination;
mod diff;
mod export;
mod generate;
mod import;
mod stats;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use evalward_core::{ExampleId, InvalidId, Partition};
use evalward_dataset::DatasetError;

use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward dataset`.
#[derive(Debug, Args)]
pub(crate) struct DatasetArgs {
    /// The command.
    #[command(subcommand)]
    command: DatasetCommand,
}

/// The commands on datasets.
#[derive(Debug, Subcommand)]
enum DatasetCommand {
    /// Find what is wrong with a dataset, and correct its form
    Check(check::CheckArgs),
    /// Count what a dataset holds
    Stats(stats::StatsArgs),
    /// Record that you agree with examples
    Approve(approve::ApproveArgs),
    /// Show what changed between two datasets, or since a git revision
    Diff(diff::DiffArgs),
    /// Read examples from JSON, CSV or JSON lines into a dataset
    Import(import::ImportArgs),
    /// Make distribution and adversarial examples from a recipe and a seed
    Generate(generate::GenerateArgs),
    /// Write a dataset as one JSON, CSV or JSON lines file
    Export(export::ExportArgs),
}

/// Runs a command on datasets.
pub(crate) fn run(args: DatasetArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match args.command {
        DatasetCommand::Check(args) => check::run(&args, context),
        DatasetCommand::Stats(args) => stats::run(&args, context),
        DatasetCommand::Approve(args) => approve::run(args, context),
        DatasetCommand::Diff(args) => diff::run(&args, context),
        DatasetCommand::Import(args) => import::run(args, context),
        DatasetCommand::Generate(args) => generate::run(&args, context),
        DatasetCommand::Export(args) => export::run(&args, context),
    }
}

fn refused(error: DatasetError) -> CliError {
    let hint = error.hint();
    CliError::input(error).with_hint_if(hint)
}

fn parse_id(text: &str) -> Result<ExampleId, InvalidId> {
    ExampleId::new(text)
}

/// Writes `1 example`, `2 examples`.
fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Writes `3 examples (golden 2, adversarial 1)`.
fn by_partition(counts: &BTreeMap<Partition, u64>) -> String {
    let total = counted(counts.values().sum(), "example");
    let parts: Vec<_> =
        counts.iter().map(|(partition, count)| format!("{partition} {count}")).collect();
    if parts.is_empty() { total } else { format!("{total} ({})", parts.join(", ")) }
}
