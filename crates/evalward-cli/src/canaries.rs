//! The scores of frozen answers in the folders of runs: written after a run, read to compare two.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use evalward_core::JudgeCalls;
use evalward_gate::canaries::{JudgeDrift, RunCanaries, judge_drift};
use evalward_runs::{StoredRun, write_atomically};

use crate::context::Context;
use crate::error::CliError;

const FILE: &str = "canaries.json";

/// Keeps the scores in a run's folder, and says where some are missing.
pub(crate) fn keep(
    folder: &Path,
    canaries: &RunCanaries,
    context: &mut Context,
) -> Result<(), CliError> {
    for (metric, judged) in &canaries.judges {
        if judged.missing > 0 {
            let cause = judged.cause.as_deref().unwrap_or_default();
            context.note(&format!(
                "warning: the judge of `{metric}` did not score {} of the frozen answers, the first because: {cause}",
                judged.missing
            ));
        }
    }
    let text = serde_json::to_string_pretty(canaries).map_err(CliError::incomplete)?;
    write_atomically(&folder.join(FILE), text.as_bytes()).map_err(CliError::incomplete)
}

/// Copies the scores of one run into the folder of another, where there are any.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), CliError> {
    match fs::read(from.join(FILE)) {
        Ok(text) => write_atomically(&to.join(FILE), &text).map_err(CliError::incomplete),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Reads the scores of a run; `None` where it has none.
fn read(run: &StoredRun) -> Result<Option<RunCanaries>, CliError> {
    let path = run.folder().join(FILE);
    let failed =
        |why: String| CliError::input(format!("failed to read `{}`: {why}", path.display()));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.to_string())),
    };
    let read: RunCanaries =
        serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    if read.format == RunCanaries::FORMAT {
        return Ok(Some(read));
    }
    Err(failed(format!(
        "it has format {}; this version of evalward reads format {}",
        read.format,
        RunCanaries::FORMAT
    )))
}

/// Reads what the judges of a run were asked for the frozen answers.
pub(crate) fn calls(run: &StoredRun) -> Result<BTreeMap<String, JudgeCalls>, CliError> {
    let judges = read(run)?.map(|read| read.judges).unwrap_or_default();
    Ok(judges.into_iter().filter_map(|(id, judged)| Some((id, judged.calls?))).collect())
}

/// Refuses two runs whose judges are no longer the same, whatever their names and versions say.
pub(crate) fn check(
    baseline: &StoredRun,
    candidate: &StoredRun,
    context: &mut Context,
) -> Result<(), CliError> {
    let (before, after) = match (read(baseline)?, read(candidate)?) {
        (Some(before), Some(after)) => (before, after),
        (None, None) => return Ok(()),
        (before, _) => {
            let side = if before.is_none() { "baseline" } else { "candidate" };
            context.note(&format!(
                "warning: the judges of the {side} scored no frozen answers, so whether they have changed under their names is not known"
            ));
            return Ok(());
        }
    };
    tell_of_models(&before, &after, context);
    let shifted = judge_drift(&before, &after);
    if shifted.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = shifted.iter().map(line).collect();
    let error = format!(
        "failed to compare: {}, so that the runs were not measured alike",
        lines.join("; ")
    );
    let run = &baseline.manifest().run_id;
    Err(CliError::input(error).with_hint(format!(
        "score the baseline's answers by the judge as it is now, without a call of the subject: `evalward rescore {run} --no-cache`, and compare with that run"
    )))
}

fn line(drift: &JudgeDrift) -> String {
    let JudgeDrift { metric, n, baseline_mean, candidate_mean, low, high, level } = drift;
    format!(
        "the judge of `{metric}` has changed under its name: it scores the same {n} frozen answers {:.3} in the candidate and {:.3} in the baseline ({:.1} % interval of the difference {:.3} to {:.3})",
        candidate_mean.get(),
        baseline_mean.get(),
        level.get() * 100.0,
        low.get(),
        high.get(),
    )
}

/// Says where a server names another model than before; the scores tell whether it matters.
fn tell_of_models(before: &RunCanaries, after: &RunCanaries, context: &mut Context) {
    for (metric, judged) in &after.judges {
        let Some(earlier) = before.judges.get(metric) else { continue };
        if earlier.version == judged.version && earlier.models != judged.models {
            context.note(&format!(
                "warning: the judge of `{metric}` was answered by another model, or by another version of it, than in the baseline"
            ));
        }
    }
}
