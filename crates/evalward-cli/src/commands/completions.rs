//! `evalward completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  evalward completions bash > ~/.local/share/bash-completion/completions/evalward"
)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "evalward", &mut script);
    context.out().write_all(&script)?;
    Ok(ExitStatus::Success)
}
