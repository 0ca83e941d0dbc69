//! `evalward cache`: what is kept of calls, and how it goes.

mod prune;
mod stats;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward cache`.
#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    /// The command.
    #[command(subcommand)]
    command: CacheCommand,
}

/// The commands on the cache.
#[derive(Debug, Subcommand)]
enum CacheCommand {
    /// Tell what the cache holds
    Stats(stats::StatsArgs),
    /// Take answers out of the cache, so that they are asked for again
    Prune(prune::PruneArgs),
}

/// Runs a command.
pub(crate) fn run(args: CacheArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match args.command {
        CacheCommand::Stats(args) => stats::run(&args, context),
        CacheCommand::Prune(args) => prune::run(&args, context),
    }
}
