//! `evalward baseline set`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_core::{Partition, RunManifest};
use evalward_gate::{Baseline, Decision, GateStatus, RunScores, Summary};
use evalward_runs::{StoredRun, write_atomically};

use super::file_of;
use crate::baselines::{parse, read};
use crate::commands::report::fold;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward baseline set`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward baseline set latest --initial    the first one, after a run whose gate had to be skipped
  evalward baseline set latest              later ones, from a run whose gates held

Commit the file: whoever checks the repository out has the same bar.")]
pub(super) struct SetArgs {
    /// The run: its id, the start of its id, its folder, or `latest`.
    run: String,
    /// The file to write [default: the one that the suite's gates name].
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Set the first baseline, from a run whose gates held but for those that waited for it.
    #[arg(long)]
    initial: bool,
}

/// Writes the file.
pub(super) fn run(args: &SetArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let stored = context.runs.find(&args.run)?;
    let manifest = stored.manifest();
    check_selection(&stored)?;
    let path = file_of(args.file.as_ref(), Path::new(&manifest.suite.path), context)?;
    let before = read(&path)?.map(|text| parse(&text, &path)).transpose()?;
    if args.initial && before.is_some() {
        let text = format!("there is a baseline in `{}` already", path.display());
        return Err(CliError::input(text).with_hint("leave out `--initial` to replace it"));
    }
    let summary = fold(&stored)?;
    let gates_held = check_gates(manifest, &summary, args.initial)?;
    let baseline = Baseline::new(manifest, scores(&stored)?, gates_held, context.clock.now());
    if let Some(before) = &before {
        check_replaced(&baseline, before, &path)?;
    }
    write(&path, &baseline)?;
    tell(&baseline, before.as_ref(), &path, context)?;
    Ok(ExitStatus::Success)
}

/// Only a run over whole partitions that came to its end says what later runs must reach.
fn check_selection(stored: &StoredRun) -> Result<(), CliError> {
    let manifest = stored.manifest();
    let run = &manifest.run_id;
    if let Some(variant) = &manifest.suite.variant {
        let text = format!("run `{run}` is of the variant `{variant}`, not of the suite itself");
        return Err(CliError::input(text).with_hint(
            "name a run of the suite: `evalward history` lists them, `evalward run --variant base` makes one",
        ));
    }
    if !manifest.selection.keeps_partitions_whole() {
        let text =
            format!("run `{run}` evaluated a part of the examples, which is no bar for the others");
        return Err(CliError::input(text).with_hint(
            "run the suite without `--id`, `--tag`, `--only-failed`, `--sample` and `--shard`",
        ));
    }
    if !stored.is_complete() {
        let text = format!("run `{run}` was cut short");
        return Err(CliError::input(text).with_hint("run the suite again"));
    }
    Ok(())
}

/// Returns whether all gates held, or says which did not.
fn check_gates(manifest: &RunManifest, summary: &Summary, initial: bool) -> Result<bool, CliError> {
    let run = &manifest.run_id;
    let with = |wanted: GateStatus| summary.gates.iter().find(|gate| gate.status == wanted);
    let bad =
        [GateStatus::Incomplete, GateStatus::Failed, GateStatus::Inconclusive, GateStatus::Warned];
    if let Some(gate) = bad.into_iter().find_map(with) {
        let text =
            format!("a gate of run `{run}` did not hold: {}: {}", gate.partition, gate.message);
        return Err(CliError::input(text).with_hint(
            "a baseline comes only from a run whose gates held, so that no loss that was found becomes the bar",
        ));
    }
    let waits = with(GateStatus::Skipped).is_some();
    if waits && !initial {
        let text = format!("a gate of run `{run}` was skipped, because there was no baseline");
        return Err(CliError::input(text).with_hint("add `--initial` to set the first one"));
    }
    if !waits && summary.decision != Decision::Holds {
        let text = format!("nothing is known about the gates of run `{run}`");
        return Err(CliError::input(text).with_hint(summary.advice.clone()));
    }
    Ok(!waits)
}

fn scores(stored: &StoredRun) -> Result<RunScores, CliError> {
    let mut scores = RunScores::default();
    for row in stored.score_rows()? {
        scores.push(&row?).map_err(CliError::input)?;
    }
    Ok(scores)
}

/// A baseline of another suite, or one that would lose a partition, is replaced by nothing.
fn check_replaced(baseline: &Baseline, before: &Baseline, path: &Path) -> Result<(), CliError> {
    if baseline.suite != before.suite {
        let text = format!(
            "`{}` is the baseline of suite `{}`, and the run is of suite `{}`",
            path.display(),
            before.suite,
            baseline.suite
        );
        return Err(CliError::input(text).with_hint("name another file with `--file`"));
    }
    let lost =
        Partition::ALL.into_iter().find(|it| before.count(*it) > 0 && baseline.count(*it) == 0);
    if let Some(partition) = lost {
        let text = format!(
            "the baseline has examples of partition `{partition}`, and run `{}` has none",
            baseline.run_id
        );
        return Err(CliError::input(text).with_hint("run the suite without `--partition`"));
    }
    Ok(())
}

fn write(path: &Path, baseline: &Baseline) -> Result<(), CliError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| {
            CliError::incomplete(format!("failed to create `{}`: {error}", folder.display()))
        })?;
    }
    write_atomically(path, baseline.to_text().as_bytes()).map_err(CliError::incomplete)
}

fn tell(
    baseline: &Baseline,
    before: Option<&Baseline>,
    path: &Path,
    context: &mut Context,
) -> Result<(), CliError> {
    let (run, file) = (&baseline.run_id, path.display());
    let out = context.out();
    match before {
        None => writeln!(out, "run {run} is the baseline now: {file}")?,
        Some(before) if before.run_id == *run => {
            writeln!(out, "run {run} was the baseline already: {file}")?;
        }
        Some(before) => {
            writeln!(out, "run {run} takes the place of run {} in {file}", before.run_id)?;
            for change in baseline.changes_from(before) {
                writeln!(out, "  {change}")?;
            }
        }
    }
    writeln!(out, "commit the file, so that every machine has the same bar")?;
    Ok(())
}
