//! `evalward compare`.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {}

/// Compares two runs.
pub(crate) fn run(args: &CompareArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let _ = (args, context);
    todo!()
}
