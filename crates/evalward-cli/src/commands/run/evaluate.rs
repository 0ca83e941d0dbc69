//! The run itself, on a runtime of its own.

use std::sync::Arc;

use evalward_core::{EventSink, KeptTrials};
use evalward_gate::canaries::RunCanaries;
use evalward_pipeline::{RunEnd, RunPlan, judge_canaries, placed_examples, run};
use evalward_runs::{Recorder, StoredRun};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::prepare::Prepared;
use super::{probes, resume};
use crate::baselines;
use crate::canaries;
use crate::context::Context;
use crate::error::CliError;
use crate::progress::Progress;

/// Evaluates every selected example and returns the run as it is stored, and whether the user interrupted it.
pub(crate) fn evaluate(
    prepared: &Prepared,
    context: &mut Context,
) -> Result<(StoredRun, bool), CliError> {
    // The handler of an earlier run would take the first signal for the second.
    context.end_runtime();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = context.runs.folder_of(&prepared.manifest.run_id);
    baselines::keep(&folder, &prepared.baselines)?;
    let (mut recorder, kept) = match &prepared.resumed {
        None => (Recorder::new(&folder), None),
        Some(stored) => {
            let resumption = resume::open(prepared, stored, context)?;
            let kept: Arc<dyn KeptTrials> = Arc::new(resumption.kept);
            (resumption.recorder, Some(kept))
        }
    };
    let mut progress = Progress::new(context);
    let cancelled = CancellationToken::new();
    runtime.spawn(heed_signals(cancelled.clone()));
    let (end, canaries) =
        runtime.block_on(drive(prepared, kept, &mut [&mut recorder, &mut progress], &cancelled))?;
    // What is left is to read files and to print; from here on one signal ends the process.
    let interrupted = cancelled.is_cancelled();
    cancelled.cancel();
    context.keep_alive(runtime);
    if let Some(reason) = end.stopped_by {
        context.note(&format!("stopped early: {}", reason.sentence()));
    }
    if let Some(canaries) = canaries {
        canaries::keep(&folder, &canaries, context)?;
    }
    let stored = StoredRun::open(&folder).map_err(CliError::incomplete)?;
    Ok((probes::finish(prepared, stored)?, interrupted))
}

/// Stops the run at the first signal, so that every example keeps a row, and the process at the next.
async fn heed_signals(cancelled: CancellationToken) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    loop {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => if interrupted.is_err() { return },
            _ = terminate.recv() => {}
        }
        if cancelled.is_cancelled() {
            end_process();
        }
        cancelled.cancel();
    }
}

#[expect(clippy::exit, reason = "the user asked twice, or there is nothing left to save")]
fn end_process() -> ! {
    // As a shell reports a process that SIGINT ended.
    std::process::exit(130)
}

async fn drive(
    prepared: &Prepared,
    kept: Option<Arc<dyn KeptTrials>>,
    sinks: &mut [&mut dyn EventSink],
    cancelled: &CancellationToken,
) -> Result<(RunEnd, Option<RunCanaries>), CliError> {
    let plan = RunPlan {
        kept,
        budget: prepared.suite.budget.clone(),
        meter: prepared.meter.clone(),
        ..RunPlan::new(
            prepared.manifest.clone(),
            prepared.subject.subject.clone(),
            prepared.suite.metrics.clone().into(),
            prepared.subject.clock.clone(),
        )
    };
    let examples = placed_examples(&prepared.dataset, &prepared.filter);
    let end = run(&plan, examples, sinks, cancelled).await;
    let canaries = match &end {
        Ok(RunEnd { stopped_by: None }) if !prepared.canary_judges.is_empty() => {
            let at_once = usize::try_from(prepared.manifest.concurrency).unwrap_or(usize::MAX);
            let judged = judge_canaries(&prepared.canary_judges, at_once);
            cancelled.run_until_cancelled(judged).await
        }
        _ => None,
    };
    let finished = prepared.tape.finish();
    if let Some(cache) = &prepared.cache {
        cache.close().await;
    }
    let end = end.map_err(CliError::incomplete)?;
    finished.map_err(CliError::incomplete)?;
    Ok((end, canaries))
}
