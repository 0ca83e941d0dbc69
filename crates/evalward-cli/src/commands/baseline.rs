//! `evalward baseline`.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward baseline`.
#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {}

/// Sets or shows a baseline.
pub(crate) fn run(args: &BaselineArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let _ = (args, context);
    todo!()
}
