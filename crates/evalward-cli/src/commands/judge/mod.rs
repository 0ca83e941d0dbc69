//! `evalward judge`: models that score answers.

mod asking;
mod audit;
mod calibrate;
mod compare;
mod list;
mod show;

use clap::{Args, Subcommand};

pub(crate) use audit::audits_of;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward judge`.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// The command.
    #[command(subcommand)]
    command: JudgeCommand,
}

/// The commands on judges.
#[derive(Debug, Subcommand)]
enum JudgeCommand {
    /// Measure a judge against what people say of answers
    Calibrate(calibrate::CalibrateArgs),
    /// Measure what moves a judge that should not: length, instructions, order, chance
    Audit(audit::AuditArgs),
    /// List the judges that evalward brings along
    List(list::ListArgs),
    /// Ask a judge which of the answers of two runs or more are better
    Compare(compare::CompareArgs),
    /// Print what a judge is told, for an example
    Show(show::ShowArgs),
}

/// Runs a command.
pub(crate) fn run(args: &JudgeArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match &args.command {
        JudgeCommand::Calibrate(args) => calibrate::run(args, context),
        JudgeCommand::Audit(args) => audit::run(args, context),
        JudgeCommand::List(args) => list::run(args, context),
        JudgeCommand::Compare(args) => compare::run(args, context),
        JudgeCommand::Show(args) => show::run(args, context),
    }
}
