//! `evalward baseline export`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::show::open;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward baseline export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  evalward baseline export | jq -r 'select(.failed > 0) | .example_id'")]
pub(super) struct ExportArgs {
    /// The file [default: the one that the gates of `evalward.toml` name].
    file: Option<PathBuf>,
}

/// Writes one JSON line for each example: its trials by outcome and the mean score of each metric.
pub(super) fn run(args: &ExportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let baseline = open(args.file.as_ref(), context)?;
    for (id, example) in &baseline.scores.examples {
        let scored = example.metrics.iter().filter(|(_, scores)| scores.n > 0);
        let metrics: serde_json::Map<_, _> =
            scored.map(|(metric, scores)| (metric.to_owned(), json!(scores.mean))).collect();
        let row = json!({
            "example_id": id,
            "partition": example.partition,
            "passed": example.passed,
            "failed": example.failed,
            "errored": example.errored,
            "skipped": example.skipped,
            "metrics": metrics,
        });
        writeln!(context.out(), "{row}")?;
    }
    Ok(ExitStatus::Success)
}
