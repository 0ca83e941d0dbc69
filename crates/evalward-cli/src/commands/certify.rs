//! `evalward certify`.

use clap::Args;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward certify`.
#[derive(Debug, Args)]
pub(crate) struct CertifyArgs {}

/// Measures how often a gate errs.
pub(crate) fn run(args: &CertifyArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let _ = (args, context);
    todo!()
}
