//! The commands, one module each.

mod completions;
mod dataset;
mod doctor;
mod feedback;
mod history;
mod init;
mod output;
mod report;
mod run;
mod schema;

use clap::Subcommand;

pub(crate) use output::{OutputFormat, print_json};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a working suite to start from
    Init(init::InitArgs),
    /// Evaluate a suite; the exit code is the gate
    Run(Box<run::RunArgs>),
    /// Check, approve, compare, import and export datasets
    Dataset(dataset::DatasetArgs),
    /// Render a stored run for people or machines
    Report(report::ReportArgs),
    /// List the runs of the past
    History(history::HistoryArgs),
    /// Review the examples that failures in production propose
    Feedback(feedback::FeedbackArgs),
    /// Print the JSON Schema of a file format
    Schema(schema::SchemaArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Check that this machine has what a suite needs
    Doctor(doctor::DoctorArgs),
}

/// Runs a command.
pub(crate) fn run(command: Command, context: &mut Context) -> Result<ExitStatus, CliError> {
    let status = match command {
        Command::Init(args) => init::run(&args, context),
        Command::Run(args) => run::run(&args, context),
        Command::Dataset(args) => dataset::run(args, context),
        Command::Report(args) => report::run(&args, context),
        Command::History(args) => history::run(&args, context),
        Command::Feedback(args) => feedback::run(args, context),
        Command::Schema(args) => schema::run(&args, context),
        Command::Completions(args) => completions::run(&args, context),
        Command::Doctor(args) => doctor::run(&args, context),
    }?;
    context.out().flush()?;
    Ok(status)
}
