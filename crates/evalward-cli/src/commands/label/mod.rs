//! `evalward label`: answers of a run for people to label, and back.

mod ask;
mod draw;
mod files;
mod raters;
mod read;
mod rows;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward label`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  evalward label latest --metric helpful --n 40 --raters ann,bob,cid
  evalward label latest --metric grounded --claims
  evalward label read labels/20261103-142207-017-00beef-helpful

Each rater gets the same answers in another order, as a page that needs no network and as a table, without scores.
Answers are drawn with known probabilities: clear, uncertain and rare cases."
)]
pub(crate) struct LabelArgs {
    /// The command.
    #[command(subcommand)]
    command: Option<LabelCommand>,
    /// What to draw.
    #[command(flatten)]
    draw: draw::DrawArgs,
}

/// The commands beside drawing.
#[derive(Debug, Subcommand)]
enum LabelCommand {
    /// Read what raters wrote back as a file of labels
    Read(read::ReadArgs),
}

/// Draws answers, or reads labels.
pub(crate) fn run(args: &LabelArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match &args.command {
        Some(LabelCommand::Read(args)) => read::run(args, context),
        None => draw::run(&args.draw, context),
    }
}
