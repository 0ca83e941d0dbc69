//! What `evalward history` does.

use std::fs;
use std::path::Path;

use evalward_core::Timestamp;
use evalward_runs::StoredRun;
use evalward_store::RunRecord;
use tokio::runtime::Builder;

use super::record::{open, record, store_url};
use super::{HistoryArgs, json, table};
use crate::commands::OutputFormat;
use crate::commands::report::fold;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Lists recorded runs, or records some.
pub(crate) fn run(args: &HistoryArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let url = match &args.store {
        Some(url) => url.clone(),
        None => store_url(context),
    };
    if !args.add.is_empty() {
        return add(args, &url, context);
    }
    let is_missing = url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    if is_missing && args.store.is_some() {
        let problem = format!("failed to open the store `{url}`: there is no such file");
        return Err(CliError::input(problem));
    }
    let runs = if is_missing { Vec::new() } else { read(args, &url)? };
    match args.format {
        OutputFormat::Json => json::print(&runs, context)?,
        OutputFormat::Text if runs.is_empty() => {
            let of = args.suite.as_ref().map(|suite| format!(" of suite `{suite}`"));
            context.note(&format!("no run{} is recorded yet", of.unwrap_or_default()));
        }
        OutputFormat::Text => table::print(&runs, context)?,
    }
    Ok(ExitStatus::Success)
}

fn read(args: &HistoryArgs, url: &str) -> Result<Vec<RunRecord>, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let read = async {
        let store = open(url).await?;
        let runs = store.runs(args.suite.as_deref(), args.limit.get()).await;
        store.close().await?;
        runs
    };
    runtime.block_on(read).map_err(CliError::failed_to)
}

/// Records stored runs, however long it takes.
fn add(args: &HistoryArgs, url: &str, context: &mut Context) -> Result<ExitStatus, CliError> {
    // Every mistake is found before the first run is recorded.
    let mut runs: Vec<StoredRun> = Vec::new();
    for name in &args.add {
        let stored = context.runs.find(name)?;
        let run = &stored.manifest().run_id;
        if let Some(shard) = stored.manifest().selection.shard {
            let error = format!("run `{run}` is shard {shard}, which is no point of a trend");
            return Err(
                CliError::input(error).with_hint("`evalward merge` makes one run of all shards")
            );
        }
        if !stored.is_complete() {
            let error = format!("run `{run}` was cut short");
            return Err(CliError::input(error)
                .with_hint("go on with it first: `evalward run SUITE --resume`"));
        }
        runs.push(stored);
    }
    for stored in runs {
        let summary = fold(&stored)?;
        let ended = ended_at(&stored).unwrap_or_else(|| context.clock.now());
        record(&stored, &summary, ended, url, None).map_err(CliError::input)?;
        context.note(&format!("recorded run `{}` with its scores", stored.manifest().run_id));
    }
    Ok(ExitStatus::Success)
}

/// Returns when the results of a run were written, which is all that its folder tells about its end.
fn ended_at(stored: &StoredRun) -> Option<Timestamp> {
    let written = fs::metadata(stored.folder().join("results.jsonl")).ok()?.modified().ok()?;
    let since = written.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
}
