//! `evalward cache stats`.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use evalward_core::Timestamp;
use evalward_models::{CacheContent, cache_content};
use serde::Serialize;

use crate::commands::models::size;
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward cache stats`.
#[derive(Debug, Args)]
pub(super) struct StatsArgs {
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    file: String,
    file_bytes: u64,
    kinds: BTreeMap<&'a str, ShownKind>,
}

#[derive(Serialize)]
struct ShownKind {
    answers: u64,
    bytes: u64,
    oldest: Timestamp,
    newest: Timestamp,
}

/// Tells what the cache holds.
pub(super) fn run(args: &StatsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let cache = context.cache();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let content = runtime.block_on(cache_content(cache.path()));
    let content = content.map_err(|error| CliError::input(error.sentence(cache.path())))?;
    let content = content.unwrap_or_default();
    match args.format {
        OutputFormat::Json => print_json(&shown(cache.path(), &content), context)?,
        OutputFormat::Text => print(cache.path(), &content, context)?,
    }
    Ok(ExitStatus::Success)
}

fn shown<'a>(path: &Path, content: &'a CacheContent) -> Shown<'a> {
    let kinds = content.kinds.iter().map(|(kind, it)| {
        let (oldest, newest) = (it.oldest, it.newest);
        (kind.as_str(), ShownKind { answers: it.entries, bytes: it.bytes, oldest, newest })
    });
    Shown {
        version: JSON_VERSION,
        file: path.display().to_string(),
        file_bytes: content.file_bytes,
        kinds: kinds.collect(),
    }
}

fn print(path: &Path, content: &CacheContent, context: &mut Context) -> Result<(), CliError> {
    writeln!(context.out(), "{}  {}", path.display(), size(content.file_bytes))?;
    if content.kinds.is_empty() {
        return Ok(writeln!(context.out(), "it holds nothing")?);
    }
    let (kind, answers, bytes, oldest) = ("kind", "answers", "size", "oldest");
    writeln!(context.out(), "\n{kind:10}  {answers:>8}  {bytes:>10}  {oldest:24}  newest")?;
    for (kind, it) in &content.kinds {
        let (entries, bytes) = (it.entries, size(it.bytes));
        let (oldest, newest) = (it.oldest.to_string(), it.newest);
        writeln!(context.out(), "{kind:10}  {entries:>8}  {bytes:>10}  {oldest:24}  {newest}")?;
    }
    Ok(())
}
