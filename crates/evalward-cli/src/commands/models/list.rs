//! `evalward models list`.

use clap::Args;
use evalward_embedder::{ListedModel, ModelState, list};
use serde::Serialize;

use super::place::{folder, size};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward models list`.
#[derive(Debug, Args)]
#[command(after_help = "\
The exit code is 3 if a model is damaged, else 0.")]
pub(crate) struct ListArgs {
    /// Compare the hash of every file, which reads them all.
    #[arg(long)]
    verify: bool,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Listing<'a> {
    version: u32,
    folder: String,
    models: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    state: &'static str,
    problems: &'a [String],
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    path: String,
}

/// Lists models.
pub(super) fn run(args: &ListArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let folder = folder(context)?;
    let models = list(&folder, args.verify);
    match args.format {
        OutputFormat::Json => {
            let models = models.iter().map(entry).collect();
            let folder = folder.display().to_string();
            print_json(&Listing { version: JSON_VERSION, folder, models }, context)?;
        }
        OutputFormat::Text => print(&models, context)?,
    }
    let is_damaged = |model: &ListedModel| !problems(model).is_empty();
    Ok(if models.iter().any(is_damaged) { ExitStatus::Incomplete } else { ExitStatus::Success })
}

fn entry(model: &ListedModel) -> Entry<'_> {
    Entry {
        name: &model.name,
        state: model.state.name(),
        problems: problems(model),
        bytes: model.bytes,
        dimensions: model.dimensions,
        source: model.source.as_deref(),
        path: model.path.display().to_string(),
    }
}

fn problems(model: &ListedModel) -> &[String] {
    match &model.state {
        ModelState::Damaged(problems) => problems,
        ModelState::Complete | ModelState::Missing => &[],
    }
}

fn print(models: &[ListedModel], context: &mut Context) -> Result<(), CliError> {
    let width = models.iter().map(|model| model.name.len()).max().unwrap_or_default();
    for model in models {
        let (name, state, path) = (&model.name, model.state.name(), model.path.display());
        let size = size(model.bytes);
        writeln!(context.out(), "{name:width$}  {state:8}  {size:>9}  {path}")?;
        for problem in problems(model) {
            writeln!(context.out(), "{:width$}  {problem}", "")?;
        }
    }
    let missing: Vec<&str> = models
        .iter()
        .filter(|model| model.state == ModelState::Missing)
        .map(|model| model.name.as_str())
        .collect();
    for name in missing {
        context.note(&format!("`evalward models pull {name}` downloads {name}"));
    }
    Ok(())
}
