//! `evalward baseline`.

mod export;
mod set;
mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use evalward_config::{LoadOptions, load};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward baseline`.
#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    command: BaselineCommand,
}

/// The commands about baselines.
#[derive(Debug, Subcommand)]
enum BaselineCommand {
    /// Make a run the bar for those to come
    Set(set::SetArgs),
    /// Tell what a baseline is made of
    Show(show::ShowArgs),
    /// Write the scores of a baseline for other tools
    Export(export::ExportArgs),
}

/// Sets, shows or exports a baseline.
pub(crate) fn run(args: &BaselineArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match &args.command {
        BaselineCommand::Set(args) => set::run(args, context),
        BaselineCommand::Show(args) => show::run(args, context),
        BaselineCommand::Export(args) => export::run(args, context),
    }
}

/// Returns the file that is named, else the only one that the gates of a suite name.
fn file_of(named: Option<&PathBuf>, suite: &Path, context: &Context) -> Result<PathBuf, CliError> {
    if let Some(path) = named {
        return Ok(path.clone());
    }
    let options = LoadOptions { environment: context.lookup(), ..LoadOptions::default() };
    let suite = load(suite, &options)?;
    let mut files: Vec<&PathBuf> = suite.baselines.values().collect();
    files.sort_unstable();
    files.dedup();
    let path = suite.path.display();
    match files.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(CliError::input(format!("no gate of `{path}` names a baseline")).with_hint(
            "add `no_worse_than = { baseline = \"baselines/NAME.json\", margin = 0.05 }` to a gate, or name the file",
        )),
        several => {
            let names: Vec<String> =
                several.iter().map(|file| format!("`{}`", file.display())).collect();
            let text = format!("the gates of `{path}` name several baselines: {}", names.join(", "));
            Err(CliError::input(text).with_hint("say which one"))
        }
    }
}
