//! `evalward feedback export`.

use std::path::PathBuf;

use clap::Args;
use evalward_core::{Example, Partition};
use evalward_feedback::{CandidateState, CandidateView};
use evalward_runs::write_atomically;

use super::Source;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward feedback export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward feedback export --store sqlite://evalward.db
  evalward feedback export --partition regression --output new.jsonl

The lines are those of a partition file. Nothing is proven here and no candidate becomes promoted:
`cargo xtask promote` does both.")]
pub(super) struct ExportArgs {
    /// Only candidates for this partition: golden, regression, adversarial or distribution.
    #[arg(long, value_name = "PARTITION")]
    partition: Option<Partition>,
    /// Where to write them [default: stdout].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    source: Source,
}

pub(super) fn run(args: &ExportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let opened = args.source.open(context)?;
    let approved = Some(CandidateState::Approved);
    let candidates = opened.ask(async |access| access.candidates(approved).await)?;
    opened.close()?;
    let mut examples: Vec<Example> = candidates
        .iter()
        .map(CandidateView::to_example)
        .filter(|example| args.partition.is_none_or(|wanted| wanted == example.partition))
        .collect();
    examples.sort_by(|left, right| (left.partition, &left.id).cmp(&(right.partition, &right.id)));
    let lines: String = examples.iter().map(|example| example.to_line() + "\n").collect();
    match &args.output {
        None => write!(context.out(), "{lines}")?,
        Some(path) => {
            write_atomically(path, lines.as_bytes()).map_err(CliError::incomplete)?;
        }
    }
    let noun = if examples.len() == 1 { "candidate" } else { "candidates" };
    let place = args.output.as_ref().map(|path| format!(" to {}", path.display()));
    let place = place.unwrap_or_default();
    context.note(&format!("wrote {} approved {noun}{place}", examples.len()));
    Ok(ExitStatus::Success)
}
