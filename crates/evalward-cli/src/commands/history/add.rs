//! Recording runs that are stored already.

use std::fs;

use evalward_core::{RunId, Timestamp};
use evalward_runs::StoredRun;

use super::record::{NotRecorded, Recorded, prune_warning, record, too_old};
use crate::commands::report::fold;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Records stored runs, however long it takes.
pub(super) fn add(
    names: &[String],
    url: &str,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    // Every mistake is found before the first run is recorded.
    let mut runs: Vec<StoredRun> = Vec::new();
    for name in names {
        let stored = context.runs.find(name)?;
        check(&stored)?;
        runs.push(stored);
    }
    for stored in &runs {
        let summary = fold(stored)?;
        let ended = ended_at(stored).unwrap_or_else(|| context.clock.now());
        let run = &stored.manifest().run_id;
        let Recorded { with_scores, not_pruned } =
            record(stored, &summary, ended, url, None).map_err(|it| not_recorded(run, it))?;
        let scores = if with_scores { "with its scores".to_owned() } else { too_old() };
        context.note(&format!("recorded run `{run}` {scores}"));
        if let Some(problem) = not_pruned {
            context.note(&prune_warning(&problem));
        }
    }
    Ok(ExitStatus::Success)
}

/// Says what is missing of a run, and the way out.
fn not_recorded(run: &RunId, NotRecorded { problem, has_run }: NotRecorded) -> CliError {
    let what = if has_run {
        format!("run `{run}` is in the history without the scores of its examples")
    } else {
        format!("run `{run}` is not in the history")
    };
    problem.with_hint(format!(
        "{what}: see to the store (`--store`, `EVALWARD_DATABASE_URL`), then give the same command again"
    ))
}

fn check(stored: &StoredRun) -> Result<(), CliError> {
    let run = &stored.manifest().run_id;
    if let Some(shard) = stored.manifest().selection.shard {
        let error = format!("run `{run}` is shard {shard}, which is no point of a trend");
        return Err(
            CliError::input(error).with_hint("`evalward merge` makes one run of all shards")
        );
    }
    if !stored.is_complete() {
        let error = format!("run `{run}` was cut short");
        return Err(
            CliError::input(error).with_hint("go on with it first: `evalward run SUITE --resume`")
        );
    }
    Ok(())
}

/// Returns when the results of a run were written, which is all that its folder tells about its end.
fn ended_at(stored: &StoredRun) -> Option<Timestamp> {
    let written = fs::metadata(stored.folder().join("results.jsonl")).ok()?.modified().ok()?;
    let since = written.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
}
