//! `evalward power`.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward power`.
#[derive(Debug, Args)]
pub(crate) struct PowerArgs {}

/// Tells how many examples a difference takes.
pub(crate) fn run(args: &PowerArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let _ = (args, context);
    todo!()
}
