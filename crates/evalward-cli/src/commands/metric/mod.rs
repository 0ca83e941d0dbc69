//! `evalward metric`: what people do with a metric apart from running suites with it.

mod calibrate;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward metric`.
#[derive(Debug, Args)]
pub(crate) struct MetricArgs {
    /// The command.
    #[command(subcommand)]
    command: MetricCommand,
}

/// The commands on metrics.
#[derive(Debug, Subcommand)]
enum MetricCommand {
    /// Choose a threshold from what people say of answers
    Calibrate(calibrate::CalibrateArgs),
}

/// Runs a command on metrics.
pub(crate) fn run(args: &MetricArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match &args.command {
        MetricCommand::Calibrate(args) => calibrate::run(args, context),
    }
}
