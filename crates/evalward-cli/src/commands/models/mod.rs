//! `evalward models`: the embedding models that run on this machine.

mod add;
mod list;
mod place;
mod progress;
mod pull;

use clap::{Args, Subcommand};

pub(super) use place::{default_model, size};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward models`.
#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// The command.
    #[command(subcommand)]
    command: ModelsCommand,
}

/// The commands on local models.
#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// Download a model and check it by its hash
    Pull(pull::PullArgs),
    /// Take a model from a folder, an archive or a file
    Add(add::AddArgs),
    /// List the models of this machine and those that can be downloaded
    List(list::ListArgs),
}

/// Runs a command.
pub(crate) fn run(args: ModelsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match args.command {
        ModelsCommand::Pull(args) => pull::run(&args, context),
        ModelsCommand::Add(args) => add::run(&args, context),
        ModelsCommand::List(args) => list::run(&args, context),
    }
}
