//! Going on with a run that was cut short.

use std::collections::BTreeSet;
use std::fs;

use evalward_core::{ExampleId, MetricStamp, Outcome, RunManifest, Trial};
use evalward_gate::Summary;
use evalward_runs::{Resumption, StoredRun};

use super::prepare::Prepared;
use super::probes::{ActiveProbe, is_unprobed};
use crate::context::Context;
use crate::error::CliError;

/// Finds the run to go on with, and refuses one that is done, goes on, or was made of something else.
pub(super) fn find(
    name: &str,
    prepared: &RunManifest,
    context: &Context,
) -> Result<StoredRun, CliError> {
    let stored = if name.is_empty() {
        latest(prepared, context)?.ok_or_else(|| {
            let suite = prepared.suite.label();
            CliError::input(format!("no run of suite `{suite}` was cut short"))
                .with_hint("run it without `--resume`")
        })?
    } else {
        context.runs.find(name)?
    };
    let run = &stored.manifest().run_id;
    if stored.goes_on() {
        return Err(CliError::input(format!("run `{run}` goes on in another process"))
            .with_hint("wait until it ends, or stop it first"));
    }
    let changes = changes(stored.manifest(), prepared);
    if !changes.is_empty() {
        let error = format!(
            "run `{run}` cannot be resumed, because something has changed since:\n{}",
            changes.iter().map(|change| format!("  - {change}")).collect::<Vec<_>>().join("\n")
        );
        return Err(CliError::input(error)
            .with_hint("take the change back, or run the suite anew, without `--resume`"));
    }
    if !is_cut_short(&stored)? {
        return Err(CliError::input(format!(
            "run `{run}` is complete: nothing of it is left to do"
        ))
        .with_hint(format!("`evalward report {run}` shows it")));
    }
    Ok(stored)
}

/// Makes the error of a suite whose variants are runs of their own, so that nobody said which to go on with.
pub(super) fn of_variants() -> CliError {
    CliError::input("each variant of the suite is a run of its own")
        .with_hint("name the one to go on with by `--variant`, such as `--variant base --resume`")
}

/// Returns the manifest of a run that goes on: it keeps its name and its beginning, and judges get back the word they had lost,
/// since all that they are asked is asked again.
pub(super) fn as_resumed(now: RunManifest, earlier: &RunManifest) -> RunManifest {
    RunManifest { metrics: now.metrics, concurrency: now.concurrency, ..earlier.clone() }
}

/// Says that a run like this one was cut short, where one was and nobody went on with it.
pub(super) fn offer(prepared: &Prepared, context: &mut Context) -> Result<(), CliError> {
    if prepared.resumed.is_some() || prepared.manifest.rescored_from.is_some() {
        return Ok(());
    }
    let Some(earlier) = latest(&prepared.manifest, context)? else { return Ok(()) };
    if !changes(earlier.manifest(), &prepared.manifest).is_empty() {
        return Ok(());
    }
    let done = earlier.trials()?.filter(|row| row.as_ref().is_ok_and(is_done)).count();
    let manifest = earlier.manifest();
    let total = manifest.dataset.selected.values().sum::<u64>() * u64::from(manifest.repeats.get());
    context.note(&format!(
        "run `{}` of this suite was cut short with {done} of {total} done; `--resume` in place of this run would go on with it",
        manifest.run_id
    ));
    Ok(())
}

/// Opens the journal of the run that is gone on with; rows that tell nothing are not kept.
pub(super) fn open(
    prepared: &Prepared,
    stored: &StoredRun,
    context: &mut Context,
) -> Result<Resumption, CliError> {
    // What a probe showed is not among the rows, and a judge that lost its word took its verdicts along.
    let probed: BTreeSet<ExampleId> =
        prepared.probes.iter().flat_map(ActiveProbe::examples).collect();
    let none_stays = stored.manifest().metrics.values().any(|stamp| stamp.suspended.is_some());
    let resumption = evalward_runs::resume(stored, |id| none_stays || probed.contains(id))?;
    if resumption.damaged > 0 {
        context.note(&format!(
            "warning: {} not what had been written; what they held is evaluated again",
            match resumption.damaged {
                1 => "1 line of the journal was".to_owned(),
                lines => format!("{lines} lines of the journal were"),
            }
        ));
    }
    let run = &stored.manifest().run_id;
    context.note(&format!("going on with run `{run}`: {} trials are done", resumption.kept.len()));
    Ok(resumption)
}

/// Returns the latest run of the same suite, where it was cut short and no process is at it.
fn latest(prepared: &RunManifest, context: &Context) -> Result<Option<StoredRun>, CliError> {
    for id in context.runs.list()?.iter().rev() {
        // A folder of another version is no run of this suite.
        let Ok(run) = context.runs.find(id) else { continue };
        let manifest = run.manifest();
        let is_like = manifest.suite.name == prepared.suite.name
            && manifest.suite.variant == prepared.suite.variant
            && manifest.selection == prepared.selection
            && manifest.rescored_from.is_none();
        if is_like && !run.goes_on() {
            return Ok(if is_cut_short(&run)? { Some(run) } else { None });
        }
    }
    Ok(None)
}

/// Returns whether something of a run is left to do: it was killed, stopped, or could not evaluate an example.
fn is_cut_short(run: &StoredRun) -> Result<bool, CliError> {
    if !run.is_complete() || is_unprobed(run) {
        return Ok(true);
    }
    if let Some(summary) = stored_summary(run) {
        return Ok(summary.counts.errored > 0);
    }
    for row in run.trials()? {
        if !is_done(&row?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads what a run came to, so that its rows need not be read; the rows are the truth, where it cannot be.
fn stored_summary(run: &StoredRun) -> Option<Summary> {
    let text = fs::read_to_string(run.folder().join("summary.json")).ok()?;
    serde_json::from_str(&text).ok()
}

const fn is_done(trial: &Trial) -> bool {
    !matches!(trial.outcome, Outcome::Errored(_))
}

/// Lists what differs between a run and one that would be made now, of all that could move a result.
pub(crate) fn changes(earlier: &RunManifest, now: &RunManifest) -> Vec<String> {
    let mut changes = Vec::new();
    let mut check = |is_same: bool, change: &str| {
        if !is_same {
            changes.push(change.to_owned());
        }
    };
    check(earlier.tool_version == now.tool_version, "the version of evalward");
    check(
        earlier.suite.name == now.suite.name && earlier.suite.variant == now.suite.variant,
        "the suite is another one",
    );
    check(earlier.dataset.hash == now.dataset.hash, "the dataset");
    check(earlier.selection == now.selection, "the selection of examples");
    check(earlier.repeats == now.repeats, "the number of repeats");
    check(
        earlier.subject.hash == now.subject.hash && earlier.subject.kind == now.subject.kind,
        "the subject: its prompt, model or settings",
    );
    check(earlier.gates == now.gates, "the gates");
    check(earlier.baselines == now.baselines, "a baseline");
    check(earlier.fail_fast == now.fail_fast, "`--fail-fast`");
    for (id, stamp) in &earlier.metrics {
        let is_same = now.metrics.get(id).is_some_and(|now| is_same_metric(stamp, now));
        check(is_same, &format!("metric `{id}`, or its judge"));
    }
    let added = now.metrics.keys().filter(|id| !earlier.metrics.contains_key(*id));
    let added: Vec<String> = added.map(|id| format!("metric `{id}` is new")).collect();
    changes.extend(added);
    if changes.is_empty() && earlier.suite.hash != now.suite.hash {
        changes.push("the suite".to_owned());
    }
    changes
}

/// Compares all of a metric but whether its judge lost its word.
fn is_same_metric(earlier: &MetricStamp, now: &MetricStamp) -> bool {
    let known = MetricStamp {
        gating: earlier.gating || earlier.suspended.is_some(),
        suspended: None,
        ..earlier.clone()
    };
    known == *now
}
