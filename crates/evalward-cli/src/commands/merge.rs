//! `evalward merge`.

use std::collections::BTreeMap;
use std::fs;

use clap::Args;
use evalward_core::{EventSink as _, RunEvent, RunId, RunManifest, Selection, Shard};
use evalward_report::Format;
use evalward_runs::{PlacedTrials, Recorder, StoredRun};
use rand::TryRng;
use rand::rngs::SysRng;

use super::report::{ReportTarget, summarize};
use super::run::{changes, merge_probes, tell_outcome};
use crate::baselines;
use crate::canaries;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward merge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward run suite.toml --shard 1/2          on one machine
  evalward run suite.toml --shard 2/2          on another
  evalward merge shards/1 shards/2             the folders of both runs, in any order

The merged run is one like any other: its summary is that of a run without shards, apart from times and ids.")]
pub(crate) struct MergeArgs {
    /// The shards: all of them, each by its id, the start of its id, or its folder.
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<String>,
    /// What to print on stdout: terminal, json, junit or markdown.
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,
    /// Also write a report: terminal, json, junit or markdown, into the run's folder or to a file of yours; may be given several times.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    report: Vec<ReportTarget>,
}

/// Puts shards together and judges the run that they make.
pub(crate) fn run(args: &MergeArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let mut shards: Vec<StoredRun> = Vec::new();
    for name in &args.runs {
        shards.push(context.runs.find(name)?);
    }
    shards.sort_by_key(|shard| shard.manifest().selection.shard.map(|it| it.index));
    check(&shards)?;
    let entropy = SysRng.try_next_u32().map_err(CliError::incomplete)?;
    let run_id = context.runs.new_id(context.clock.now(), entropy);
    let manifest = manifest(&shards, run_id)?;
    let merged = write(&shards, &manifest, context)?;
    let merged = merge_probes(&shards, merged)?;
    let summary = summarize(&merged)?;
    tell_outcome(&merged, &summary, args.format, &args.report, context)
}

/// Refuses what is not all shards of one run.
fn check(shards: &[StoredRun]) -> Result<(), CliError> {
    let mut seen: BTreeMap<Shard, &RunId> = BTreeMap::new();
    let Some(first) = shards.first().map(StoredRun::manifest) else { return Ok(()) };
    let mut of = None;
    for stored in shards {
        let manifest = stored.manifest();
        let run = &manifest.run_id;
        let Some(shard) = manifest.selection.shard else {
            let error = format!("run `{run}` is no shard, so there is nothing to merge it with");
            return Err(
                CliError::input(error).with_hint("merge runs of `evalward run SUITE --shard I/N`")
            );
        };
        if *of.get_or_insert(shard.of) != shard.of {
            let error = format!(
                "run `{run}` is shard {shard}, and run `{}` is one of another number of shards",
                first.run_id
            );
            return Err(CliError::input(error).with_hint("name the shards of one run only"));
        }
        if let Some(other) = seen.insert(shard, run) {
            let error = format!("runs `{other}` and `{run}` are both shard {shard}");
            return Err(CliError::input(error).with_hint("name each shard once"));
        }
        let changes = changes(&unsharded(first), &unsharded(manifest));
        if !changes.is_empty() {
            let error = format!(
                "runs `{}` and `{run}` are not shards of one run; what differs:\n{}",
                first.run_id,
                changes.iter().map(|it| format!("  - {it}")).collect::<Vec<_>>().join("\n")
            );
            return Err(CliError::input(error)
                .with_hint("run all shards of the same suite, dataset and version of evalward"));
        }
        if !stored.is_complete() {
            let error = format!("run `{run}`, shard {shard}, was cut short");
            return Err(CliError::incomplete(error)
                .with_hint("go on with it first: `evalward run SUITE --shard I/N --resume`"));
        }
    }
    let Some(of) = of else { return Ok(()) };
    let missing: Vec<String> = (1..=of.get())
        .filter(|index| !seen.keys().any(|shard| shard.index.get() == *index))
        .map(|index| format!("{index}/{of}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let error = format!("shard {} is missing", missing.join(", "));
    Err(CliError::input(error).with_hint("name all shards; each example is in exactly one of them"))
}

/// Returns a manifest as it would be without shards, as far as shards can be compared by it.
fn unsharded(manifest: &RunManifest) -> RunManifest {
    let mut manifest = manifest.clone();
    manifest.selection.shard = None;
    manifest.dataset.selected.clear();
    manifest
}

fn manifest(shards: &[StoredRun], run_id: RunId) -> Result<RunManifest, CliError> {
    let manifests: Vec<&RunManifest> = shards.iter().map(StoredRun::manifest).collect();
    let first = manifests.first().ok_or_else(|| CliError::input("there is no shard"))?;
    let mut merged = RunManifest {
        run_id,
        started_at: manifests.iter().map(|it| it.started_at).min().unwrap_or(first.started_at),
        selection: Selection { shard: None, ..first.selection.clone() },
        merged_from: manifests.iter().map(|it| it.run_id.clone()).collect(),
        ..(*first).clone()
    };
    merged.dataset.selected.clear();
    for manifest in manifests {
        for (partition, count) in &manifest.dataset.selected {
            *merged.dataset.selected.entry(*partition).or_default() += count;
        }
    }
    Ok(merged)
}

/// Writes the rows of all shards into one folder, in the order of the dataset; one row of each shard is in memory.
fn write(
    shards: &[StoredRun],
    manifest: &RunManifest,
    context: &mut Context,
) -> Result<StoredRun, CliError> {
    let folder = context.runs.folder_of(&manifest.run_id);
    fs::create_dir_all(&folder)?;
    for shard in shards {
        baselines::copy(shard.folder(), &folder, &manifest.baselines)?;
    }
    let total = manifest.dataset.selected.values().sum::<u64>() * u64::from(manifest.repeats.get());
    let mut recorder = Recorder::new(&folder);
    let tell = |recorder: &mut Recorder, event: &RunEvent<'_>| {
        recorder
            .on_event(event)
            .map_err(|error| CliError::incomplete(format!("failed to write the run: {error}")))
    };
    tell(&mut recorder, &RunEvent::Started { manifest, total })?;
    let mut rows: Vec<std::iter::Peekable<PlacedTrials>> = Vec::new();
    for shard in shards {
        rows.push(shard.placed_trials()?.peekable());
    }
    loop {
        // An error is the least of all, so that it comes out at once.
        let place = |rows: &mut std::iter::Peekable<PlacedTrials>| match rows.peek() {
            Some(Ok((position, _))) => Some(Some(*position)),
            Some(Err(_)) => Some(None),
            None => None,
        };
        let next = rows.iter_mut().filter_map(|it| Some((place(it)?, it))).min_by_key(|it| it.0);
        let Some(row) = next.and_then(|(_, rows)| rows.next()) else { break };
        let (position, trial) = row?;
        tell(&mut recorder, &RunEvent::TrialFinished { position, trial: &trial })?;
    }
    tell(&mut recorder, &RunEvent::Finished)?;
    if let Some(first) = shards.first() {
        // Each shard asked the judges about the same frozen answers.
        canaries::copy(first.folder(), &folder)?;
    }
    StoredRun::open(&folder).map_err(CliError::incomplete)
}
