//! The command: makes every generated file, and writes or compares it.

use anyhow::{Result, bail};
use clap::Args;

use super::evalward::Evalward;
use super::files::GeneratedFiles;
use super::{cli_reference, schemas};
use crate::console::say;
use crate::repository::{Profile, Repository};

/// The arguments of `cargo xtask codegen`.
#[derive(Debug, Args)]
pub(crate) struct CodegenArgs {
    /// Write nothing; fail if a file is not as it would be written.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Writes or checks the generated files.
pub(crate) fn run(repository: &Repository, args: &CodegenArgs) -> Result<()> {
    let evalward = Evalward::new(repository.build_evalward(Profile::Dev)?);
    let mut files = GeneratedFiles::default();
    files.add(cli_reference::PATH, cli_reference::render(&evalward)?);
    for (name, schema) in schemas::read_all(&evalward)? {
        files.add(&format!("{}/{name}{}", schemas::FOLDER, schemas::SUFFIX), schema);
    }
    if !args.check {
        let written = files.write(repository.root())?;
        say(&format!("codegen: {written} of {} files changed", files.len()));
        return Ok(());
    }
    if let Some(difference) = files.first_difference(repository.root())? {
        bail!("{difference}; run `cargo xtask codegen` and commit what it writes");
    }
    say(&format!("codegen: {} files are up to date", files.len()));
    Ok(())
}
