//! `evalward dataset stats`.

use std::path::PathBuf;

use clap::Args;
use evalward_dataset::{Dataset, DatasetStats, PartitionStats, stats};
use serde::Serialize;

use super::{JSON_VERSION, OutputFormat, counted, print_json, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The most tags that the text lists.
const LISTED_TAGS: usize = 20;

/// The arguments of `evalward dataset stats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset stats datasets/support
  evalward dataset stats datasets/support --format json")]
pub(super) struct StatsArgs {
    /// The dataset's folder.
    dataset: PathBuf,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// What `--format json` writes.
#[derive(Serialize)]
struct Output {
    version: u32,
    stats: DatasetStats,
}

pub(super) fn run(args: &StatsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let stats = stats(&dataset).map_err(refused)?;
    match args.format {
        OutputFormat::Text => print_text(&stats, context)?,
        OutputFormat::Json => print_json(&Output { version: JSON_VERSION, stats }, context)?,
    }
    Ok(ExitStatus::Success)
}

fn print_text(stats: &DatasetStats, context: &mut Context) -> Result<(), CliError> {
    let DatasetStats { name, task_type, hash, examples, partitions, tags } = stats;
    let out = context.out();
    writeln!(
        out,
        "{name} ({task_type}): {}, hash {}",
        counted(*examples, "example"),
        hash.short()
    )?;
    if !partitions.is_empty() {
        writeln!(
            out,
            "\n{:<14}{:>9}{:>10}{:>8}{:>9}{:>10}{:>11}   input characters (p10 p50 p90 p99 max)",
            "partition", "examples", "expected", "checks", "context", "approved", "clustered"
        )?;
    }
    for (partition, row) in partitions {
        writeln!(out, "{partition:<14}{}", cells(row))?;
    }
    let mut by_count: Vec<_> = tags.iter().collect();
    by_count.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
    let listed: Vec<_> =
        by_count.iter().take(LISTED_TAGS).map(|(tag, count)| format!("{tag} {count}")).collect();
    if !listed.is_empty() {
        let rest = by_count.len() - listed.len();
        let more = if rest > 0 { format!(", and {rest} more") } else { String::new() };
        writeln!(out, "\ntags: {}{more}", listed.join(", "))?;
    }
    Ok(())
}

fn cells(row: &PartitionStats) -> String {
    let lengths = row.input_characters.map_or_else(
        || "-".to_owned(),
        |lengths| {
            let quantiles = [lengths.p10, lengths.p50, lengths.p90, lengths.p99, lengths.max];
            quantiles.map(|length| length.to_string()).join(" ")
        },
    );
    format!(
        "{:>9}{:>10}{:>8}{:>9}{:>10}{:>11}   {lengths}",
        row.examples,
        row.with_expected_output,
        row.with_checks,
        row.with_context,
        row.with_approvals,
        row.with_cluster
    )
}
