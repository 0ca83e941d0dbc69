//! `evalward judge list`.

use std::path::Path;

use clap::Args;
use evalward_config::{LIBRARY, load_judge};
use serde::Serialize;

use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward judge list`.
#[derive(Debug, Args)]
#[command(after_help = "\
A suite asks one of them by its name, `judge = \"helpfulness\"`, and names the model, `[judges.model.openai]`.")]
pub(crate) struct ListArgs {
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Listing {
    version: u32,
    judges: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    kind: &'static str,
    description: String,
}

/// Lists the judges.
pub(super) fn run(args: &ListArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let mut judges = Vec::new();
    for (name, _) in LIBRARY {
        let judge = load_judge(name, Path::new("")).map_err(CliError::input)?;
        let kind = judge.file.judge.get_ref().kind();
        judges.push(Entry { name, kind, description: judge.file.description });
    }
    match args.format {
        OutputFormat::Json => print_json(&Listing { version: JSON_VERSION, judges }, context)?,
        OutputFormat::Text => {
            for Entry { name, kind, description } in judges {
                writeln!(context.out(), "{name:23}{kind:15}{description}")?;
            }
        }
    }
    Ok(ExitStatus::Success)
}
