//! `evalward stats`.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward stats`.
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {}

/// Answers requests for statistics, line by line.
pub(crate) fn run(args: &StatsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let _ = (args, context);
    todo!()
}
