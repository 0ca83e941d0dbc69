//! `evalward import`.

mod print;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evalward_core::Partition;
use evalward_import::{Format, ImportError, TranslateOptions, WriteOptions, translate, write};

use super::OutputFormat;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward import promptfoo promptfooconfig.yaml --to suites/capitals
  evalward import promptfoo results.json --to suites/old-answers
  evalward import promptfoo promptfooconfig.yaml --dry-run --strict

The folder gets evalward.toml, the dataset, and the prompts or answers that the suite names. Whatever has no
counterpart is listed by its name and line. Everything is written, or nothing is.")]
pub(crate) struct ImportArgs {
    /// The tool that the file is of.
    #[arg(id = "tool", value_name = "TOOL")]
    format: ImportFormat,
    /// The file: a configuration, or results.
    file: PathBuf,
    /// The folder to write the suite into [default: the suite's name].
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The suite's name [default: what the file says, or its name].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The partition of the examples: distribution, adversarial, golden (they need approvals).
    #[arg(long, value_name = "PARTITION", default_value = "distribution")]
    partition: Partition,
    /// Write nothing, and exit 2, if anything has no counterpart.
    #[arg(long)]
    strict: bool,
    /// Say what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Replace files that are there.
    #[arg(long)]
    force: bool,
    /// The form of the answer.
    #[arg(long = "format", value_name = "FORMAT", default_value = "text")]
    output: OutputFormat,
}

/// The tools whose files can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ImportFormat {
    /// A configuration of promptfoo, or its results
    Promptfoo,
}

impl From<ImportFormat> for Format {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Promptfoo => Self::Promptfoo,
        }
    }
}

pub(super) fn run(args: &ImportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    if args.partition == Partition::Regression {
        let message = "an import makes no regression examples: each needs a root cause";
        return Err(CliError::input(message).with_hint("choose another --partition"));
    }
    let options = TranslateOptions { name: args.name.clone(), partition: args.partition };
    let translation = translate(args.format.into(), &args.file, &options).map_err(refused)?;
    let folder = args.to.clone().unwrap_or_else(|| PathBuf::from(&translation.name));
    let is_refused = args.strict && !translation.is_complete();
    let is_written = !is_refused && !args.dry_run;
    if is_written {
        let options = WriteOptions { overwrite: args.force };
        write(&translation, &folder, options).map_err(refused)?;
    }
    let told = print::Told { translation: &translation, folder: &folder, is_written };
    match args.output {
        OutputFormat::Text => print::as_text(&told, context)?,
        OutputFormat::Json => super::print_json(&print::as_json(&told), context)?,
    }
    if is_refused {
        context.note("nothing is written, as --strict asks for a counterpart of everything");
        return Ok(ExitStatus::InputWrong);
    }
    Ok(ExitStatus::Success)
}

fn refused(error: ImportError) -> CliError {
    let hint = error.hint().map(str::to_owned);
    CliError::failed_to(error).with_hint_if(hint)
}
