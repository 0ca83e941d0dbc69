//! `evalward dataset diff`.

use std::path::PathBuf;

use clap::Args;
use evalward_dataset::{BaseRevision, Dataset, DatasetDiff, diff, diff_against};
use serde::Serialize;

use super::{JSON_VERSION, OutputFormat, print_json, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward dataset diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset diff datasets/support datasets/support-next
  evalward dataset diff datasets/support --against origin/main

In text: + added, - removed, > moved to another partition, ~ changed, with the fields that changed.")]
pub(super) struct DiffArgs {
    /// The dataset's folder; the earlier state, unless --against is given.
    dataset: PathBuf,
    /// The folder of the dataset to compare with; the later state.
    #[arg(required_unless_present = "against")]
    other: Option<PathBuf>,
    /// Compare with the same folder at this git revision.
    #[arg(long, value_name = "REV", conflicts_with = "other")]
    against: Option<String>,
    /// Exit 1 if anything differs.
    #[arg(long)]
    exit_code: bool,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// What `--format json` writes.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    diff: &'a DatasetDiff,
}

pub(super) fn run(args: &DiffArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let found = match (&args.other, &args.against) {
        (Some(other), _) => {
            let other = Dataset::open(other).map_err(refused)?;
            diff(&dataset, &other).map_err(refused)?
        }
        (None, Some(revision)) => {
            diff_against(&dataset, &BaseRevision::new(revision)).map_err(refused)?
        }
        (None, None) => return Err(CliError::input("there is nothing to compare with")),
    };
    match args.format {
        OutputFormat::Text => print_text(&found, context)?,
        OutputFormat::Json => {
            print_json(&Output { version: JSON_VERSION, diff: &found }, context)?;
        }
    }
    let is_refused = args.exit_code && !found.is_empty();
    Ok(if is_refused { ExitStatus::GateFailed } else { ExitStatus::Success })
}

fn print_text(diff: &DatasetDiff, context: &mut Context) -> Result<(), CliError> {
    let DatasetDiff { added, removed, moved, changed, unchanged } = diff;
    let out = context.out();
    for entry in removed {
        writeln!(out, "- {} {}", entry.partition, entry.id)?;
    }
    for entry in added {
        writeln!(out, "+ {} {}", entry.partition, entry.id)?;
    }
    for entry in moved {
        let fields = entry.fields.join(", ");
        let fields = if fields.is_empty() { fields } else { format!(": {fields}") };
        writeln!(out, "> {} to {} {}{fields}", entry.from, entry.to, entry.id)?;
    }
    for entry in changed {
        writeln!(out, "~ {} {}: {}", entry.partition, entry.id, entry.fields.join(", "))?;
    }
    writeln!(
        out,
        "{} added, {} removed, {} moved, {} changed, {unchanged} unchanged",
        added.len(),
        removed.len(),
        moved.len(),
        changed.len()
    )?;
    Ok(())
}
