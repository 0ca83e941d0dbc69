//! `evalward dataset export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evalward_dataset::{Dataset, ExportFormat, export, export_file};

use super::{counted, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward dataset export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset export datasets/support --output support.json
  evalward dataset export datasets/support --to csv > support.csv

JSON and JSON lines keep everything that examples hold. CSV does not tell the number 1 from the text 1.")]
pub(super) struct ExportArgs {
    /// The dataset's folder.
    dataset: PathBuf,
    /// The form of the file [default: by the extension of --output, or else jsonl].
    #[arg(long, value_name = "FORMAT")]
    to: Option<To>,
    /// Where to write it [default: stdout].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of a file to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// One object with `name`, `task_type` and `examples`
    Json,
    /// A table with a header
    Csv,
    /// One example a line, with its partition
    Jsonl,
}

pub(super) fn run(args: &ExportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let named = args.to.map(|format| match format {
        To::Json => ExportFormat::Json,
        To::Csv => ExportFormat::Csv,
        To::Jsonl => ExportFormat::Jsonl,
    });
    let Some(path) = &args.output else {
        let format = named.unwrap_or(ExportFormat::Jsonl);
        export(&dataset, format, context.out()).map_err(refused)?;
        return Ok(ExitStatus::Success);
    };
    let format = named.or_else(|| ExportFormat::from_path(path)).unwrap_or(ExportFormat::Jsonl);
    let count = export_file(&dataset, format, path).map_err(refused)?;
    context.note(&format!("wrote {} to {}", counted(count, "example"), path.display()));
    Ok(ExitStatus::Success)
}
