//! `evalward cache prune`.

use std::time::Duration;

use clap::Args;
use evalward_config::{ByteSize, Seconds};
use evalward_models::{PruneOptions, prune_cache};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};

use crate::commands::models::size;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward cache prune`.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
#[command(after_help = "\
Examples:
  evalward cache prune --older-than 30d              what was kept more than 30 days ago
  evalward cache prune --max-size 500MB              the oldest answers, until the rest fits
  evalward cache prune --kind judge                  every judgement
  evalward cache prune --all

Runs that use the cache meanwhile go on.")]
pub(super) struct PruneArgs {
    /// Take out what was kept longer ago than this, such as `12h`, `30d` or `8w`.
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Take out the oldest answers, until the file has no more bytes than this, such as `500MB`.
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    max_size: Option<u64>,
    /// Take out only answers of this kind of call; all of them, where nothing else is given.
    #[arg(long, value_name = "KIND", value_parser = ["chat", "judge", "embeddings", "http", "command"])]
    kind: Option<String>,
    /// Take out everything.
    #[arg(long, conflicts_with_all = ["older_than", "max_size", "kind"])]
    all: bool,
}

fn age(text: &str) -> Result<Duration, String> {
    const DAY: u64 = 24 * 60 * 60;
    for (unit, secs) in [("d", DAY), ("w", 7 * DAY)] {
        let count = text.strip_suffix(unit).and_then(|count| count.trim_end().parse::<u64>().ok());
        if let Some(secs) = count.and_then(|count| count.checked_mul(secs)) {
            return Ok(Duration::from_secs(secs));
        }
    }
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    let wrong = "write an age such as `12h`, `30d` or `8w`";
    Seconds::deserialize(text).map(|age| age.0).map_err(|_| wrong.to_owned())
}

fn bytes(text: &str) -> Result<u64, String> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    ByteSize::deserialize(text).map(|size| size.0).map_err(|error| error.to_string())
}

/// Takes answers out of the cache.
pub(super) fn run(args: &PruneArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let cache = context.cache();
    let options = PruneOptions {
        kind: args.kind.clone(),
        older_than: args.older_than,
        max_bytes: args.max_size,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pruned = runtime.block_on(prune_cache(cache.path(), &options));
    let file = cache.path().display();
    let Some(pruned) = pruned.map_err(|error| CliError::input(error.sentence(cache.path())))?
    else {
        writeln!(context.out(), "there is no cache `{file}`")?;
        return Ok(ExitStatus::Success);
    };
    let answers = if pruned.entries == 1 { "answer" } else { "answers" };
    let (entries, bytes) = (pruned.entries, size(pruned.bytes));
    let (before, now) = (size(pruned.file_bytes_before), size(pruned.file_bytes));
    writeln!(context.out(), "{entries} {answers} ({bytes}) went from `{file}`: {before} -> {now}")?;
    if pruned.entries > 0 && !pruned.compacted {
        context.note(
            "another process uses the file, so that it keeps its size; its room is used again",
        );
    }
    Ok(ExitStatus::Success)
}
