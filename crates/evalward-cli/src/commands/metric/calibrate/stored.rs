//! Scores from a stored run.

use std::collections::BTreeMap;

use evalward_config::Suite;
use evalward_core::{Measurement, SuiteMetric};
use evalward_dataset::{LabelledText, Located, RatedAnswer, nearest};
use evalward_gate::calibrate::LabelledAnswer;
use evalward_runs::StoredRun;

use super::CalibrateArgs;
use super::answers::{Answers, Raters};
use crate::context::Context;
use crate::error::CliError;

/// A row of the run that a label is about.
struct Row {
    trial: u32,
    cluster: Option<String>,
    measurement: Measurement,
}

/// Finds the score of each label's answer.
pub(super) fn scores(
    name: &str,
    suite: &Suite,
    metric: &SuiteMetric,
    (labels, args): (&[Located<RatedAnswer>], &CalibrateArgs),
    context: &Context,
) -> Result<Answers, CliError> {
    let stored = context.runs.find(name)?;
    check_run(&stored, suite, metric)?;
    let mut rows: BTreeMap<&str, Vec<Row>> = labels
        .iter()
        .filter_map(|label| match &label.value.answer {
            LabelledText::Stored { id, .. } => Some((id.as_str(), Vec::new())),
            LabelledText::Own { .. } => None,
        })
        .collect();
    for trial in stored.trials()? {
        let mut trial = trial?;
        if let Some(rows) = rows.get_mut(trial.example_id.as_str()) {
            let none = || Measurement::Errored("the run has no score of the answer".to_owned());
            let measurement = trial.scores.remove(&metric.id).unwrap_or_else(none);
            rows.push(Row { trial: trial.trial, cluster: trial.cluster, measurement });
        }
    }
    let mut answers = Answers {
        labelled: Vec::new(),
        run: Some(stored.manifest().run_id.clone()),
        raters: Raters::of(labels),
        missing: Vec::new(),
    };
    for label in labels {
        let LabelledText::Stored { id, trial } = &label.value.answer else { continue };
        let found = rows.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let row = match (found, trial) {
            ([], _) => return Err(unknown_id(&stored, label, id.as_str())?),
            ([only], None) => only,
            (several, None) => {
                let text = format!(
                    "{}: the run has {} trials of example `{id}`, and the label does not say which of them it is about",
                    label.place(),
                    several.len()
                );
                return Err(CliError::input(text).with_hint("add it: `\"trial\": 1`"));
            }
            (rows, Some(wanted)) => {
                rows.iter().find(|row| row.trial == *wanted).ok_or_else(|| {
                    let place = label.place();
                    CliError::input(format!(
                        "{place}: the run has no trial {wanted} of example `{id}`"
                    ))
                })?
            }
        };
        let Some(is_good) = label.value.is_good(args.positive_from) else { continue };
        let rating = label.value.mean().unwrap_or_default();
        let cluster = label.value.cluster.as_ref().or(row.cluster.as_ref());
        answers.note_missing(label, &row.measurement);
        answers.labelled.push(LabelledAnswer {
            label: rating,
            is_good,
            group: format!("cluster {}", cluster.map_or(id.as_str(), String::as_str)),
            score: (&row.measurement).into(),
        });
    }
    Ok(answers)
}

/// Scores of another metric, or of another version of it, say nothing of this one's threshold.
fn check_run(stored: &StoredRun, suite: &Suite, metric: &SuiteMetric) -> Result<(), CliError> {
    let manifest = stored.manifest();
    let (run, id) = (&manifest.run_id, &metric.id);
    if manifest.suite.name != suite.name {
        let text =
            format!("run `{run}` is of suite `{}`, not `{}`", manifest.suite.name, suite.name);
        return Err(CliError::input(text).with_hint("`evalward history` lists the runs of a suite"));
    }
    let again = "run the suite again, or leave out `--run` and give the answers with their labels";
    match manifest.metrics.get(id) {
        Some(stamp) if stamp.version == metric.version => Ok(()),
        Some(_) => {
            let text = format!("run `{run}` was scored with another version of metric `{id}`");
            Err(CliError::input(text).with_hint(again))
        }
        None => Err(CliError::input(format!("run `{run}` has no metric `{id}`")).with_hint(again)),
    }
}

fn unknown_id(
    stored: &StoredRun,
    label: &Located<RatedAnswer>,
    id: &str,
) -> Result<CliError, CliError> {
    let mut ids = Vec::new();
    for row in stored.score_rows()? {
        ids.push(row?.example_id);
    }
    let near = nearest(id, ids.iter().map(evalward_core::ExampleId::as_str));
    let text =
        format!("{}: run `{}` has no example `{id}`", label.place(), stored.manifest().run_id);
    Ok(CliError::input(text).with_hint_if(near.map(|near| format!("did you mean `{near}`?"))))
}

impl Answers {
    /// Keeps the first reason of each kind for which a score is missing.
    pub(super) fn note_missing(&mut self, label: &Located<RatedAnswer>, found: &Measurement) {
        let (word, reason) = match found {
            Measurement::Score(_) => return,
            Measurement::Skipped(reason) => ("skipped", reason),
            Measurement::Errored(reason) => ("errored", reason),
        };
        if self.missing.iter().all(|known| !known.starts_with(word)) {
            let place = format!("{}:{}", label.path.display(), label.line);
            self.missing.push(format!("{word}, the first at {place}: {reason}"));
        }
    }
}
