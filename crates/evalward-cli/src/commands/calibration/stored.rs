//! Scores from a stored run.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_config::Suite;
use evalward_core::{Digest, Example, Measurement, SuiteMetric, Trial};
use evalward_dataset::{Dataset, LabelledText, Located, RatedAnswer, nearest};
use evalward_runs::StoredRun;

use super::answers::{Answers, Asked, Labels, ScoredAnswer};
use super::computed;
use super::suite::Source;
use crate::context::Context;
use crate::error::CliError;

/// A row of the run that a label is about.
struct Row {
    trial: u32,
    cluster: Option<String>,
    measurement: Measurement,
    asked: Arc<Asked>,
}

/// Finds the score of each label's answer.
pub(super) fn scores(
    name: &str,
    source: &Source,
    labels: &Labels,
    context: &mut Context,
) -> Result<Answers, CliError> {
    let stored = context.runs.find(name)?;
    if let Some(suite) = &source.suite {
        check_suite(&stored, suite)?;
    }
    if !source.asks_anew {
        check_metric(&stored, &source.metric)?;
    }
    let rows = rows(&stored, source, labels)?;
    let mut answers = Answers {
        scored: Vec::new(),
        run: Some(stored.manifest().run_id.clone()),
        missing: Vec::new(),
    };
    let mut others = Vec::new();
    for label in &labels.answers {
        let LabelledText::Stored { id, trial } = &label.value.answer else { continue };
        let found = rows.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        if found.is_empty() {
            return Err(unknown_id(&stored, label, id.as_str())?);
        }
        let row = row(found, *trial, label, id.as_str())?;
        if is_of_another_text(label, row) {
            others.push((label, id.as_str()));
        }
        let cluster = label.value.cluster.as_ref().or(row.cluster.as_ref());
        answers.scored.push(ScoredAnswer {
            rated: label.value.clone(),
            group: format!("cluster {}", cluster.map_or(id.as_str(), String::as_str)),
            asked: Arc::clone(&row.asked),
            measurement: row.measurement.clone(),
        });
    }
    if let Some((first, id)) = others.first() {
        return Err(of_other_texts(others.len(), labels.answers.len(), first, id));
    }
    if source.asks_anew {
        let questions: Vec<_> = answers.scored.iter().map(|it| Arc::clone(&it.asked)).collect();
        let found = computed::ask(source, &questions, context)?;
        for (answer, measurement) in answers.scored.iter_mut().zip(found) {
            answer.measurement = measurement;
        }
    }
    let measured: Vec<Measurement> =
        answers.scored.iter().map(|answer| answer.measurement.clone()).collect();
    // All labels are of answers of the run, or one would have been refused before.
    for (label, measurement) in labels.answers.iter().zip(&measured) {
        answers.note_missing(label, measurement);
    }
    Ok(answers)
}

/// Reads the rows that the labels are about.
fn rows<'a>(
    stored: &StoredRun,
    source: &Source,
    labels: &'a Labels,
) -> Result<BTreeMap<&'a str, Vec<Row>>, CliError> {
    let mut rows: BTreeMap<&str, Vec<Row>> = labels
        .answers
        .iter()
        .filter_map(|label| match &label.value.answer {
            LabelledText::Stored { id, .. } => Some((id.as_str(), Vec::new())),
            LabelledText::Own { .. } => None,
        })
        .collect();
    let examples = examples(source, &rows);
    for trial in stored.trials()? {
        let mut trial = trial?;
        if let Some(rows) = rows.get_mut(trial.example_id.as_str()) {
            let none = || Measurement::Errored("the run has no score of the answer".to_owned());
            let measurement = trial.scores.remove(&source.metric.id).unwrap_or_else(none);
            let (number, cluster) = (trial.trial, trial.cluster.take());
            let asked = Arc::new(asked(trial, &examples));
            rows.push(Row { trial: number, cluster, measurement, asked });
        }
    }
    Ok(rows)
}

/// Reads the examples from the suite's dataset, whose context the run does not keep; without it they lack one.
fn examples(source: &Source, wanted: &BTreeMap<&str, Vec<Row>>) -> BTreeMap<String, Example> {
    let mut found = BTreeMap::new();
    let Some(Ok(dataset)) = source.suite.as_ref().map(|suite| Dataset::open(&suite.dataset)) else {
        return found;
    };
    for example in dataset.all_examples() {
        let Ok(mut example) = example else { continue };
        let is_wanted = wanted.contains_key(example.value.id.as_str());
        if is_wanted && dataset.resolve_context(&mut example).is_ok() {
            found.insert(example.value.id.to_string(), example.value);
        }
    }
    found
}

fn asked(trial: Trial, examples: &BTreeMap<String, Example>) -> Asked {
    let same = examples.get(trial.example_id.as_str());
    let same = same.filter(|example| example.content_hash() == trial.example_hash);
    let example = same.cloned().unwrap_or_else(|| {
        let mut example = Example::new("label", trial.partition);
        example.input = trial.input;
        example
    });
    Asked { example, reply: trial.response.unwrap_or_default().into() }
}

/// Returns whether what was shown to whoever gave the label is another text than the run has.
fn is_of_another_text(label: &Located<RatedAnswer>, row: &Row) -> bool {
    let answer = Digest::of(row.asked.reply.response.output.as_bytes());
    label.value.output_hash.is_some_and(|shown| shown != answer)
}

/// A label says nothing of an answer that was not shown to whoever gave it.
fn of_other_texts(count: usize, all: usize, first: &Located<RatedAnswer>, id: &str) -> CliError {
    let text = format!(
        "{count} of {all} labelled answers are others in the run than were labelled, the first `{id}` at {}",
        first.place()
    );
    CliError::input(text).with_hint("name the run whose answers were labelled with `--run`")
}

fn row<'a>(
    rows: &'a [Row],
    trial: Option<u32>,
    label: &Located<RatedAnswer>,
    id: &str,
) -> Result<&'a Row, CliError> {
    match (rows, trial) {
        ([only], None) => Ok(only),
        (several, None) => {
            let text = format!(
                "{}: the run has {} trials of example `{id}`, and the label does not say which of them it is about",
                label.place(),
                several.len()
            );
            Err(CliError::input(text).with_hint("add it: `\"trial\": 1`"))
        }
        (rows, Some(wanted)) => rows.iter().find(|row| row.trial == wanted).ok_or_else(|| {
            let place = label.place();
            CliError::input(format!("{place}: the run has no trial {wanted} of example `{id}`"))
        }),
    }
}

/// A run of another suite has other answers.
fn check_suite(stored: &StoredRun, suite: &Suite) -> Result<(), CliError> {
    let manifest = stored.manifest();
    let run = &manifest.run_id;
    if manifest.suite.name != suite.name {
        let text =
            format!("run `{run}` is of suite `{}`, not `{}`", manifest.suite.name, suite.name);
        return Err(CliError::input(text).with_hint("`evalward history` lists the runs of a suite"));
    }
    Ok(())
}

/// Scores of another metric, or of another version of it, say nothing of this one's threshold.
fn check_metric(stored: &StoredRun, metric: &SuiteMetric) -> Result<(), CliError> {
    let manifest = stored.manifest();
    let (run, id) = (&manifest.run_id, &metric.id);
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
