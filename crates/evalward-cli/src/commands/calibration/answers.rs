//! The labels with the scores of their answers.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use evalward_core::{Digest, Example, Finite, Measurement, Reply, RunId};
use evalward_dataset::{
    LabelValue, LabelledText, Located, RatedAnswer, rated_answers, read_labels,
};
use evalward_gate::calibrate::LabelledAnswer;

use super::{CalibrationArgs, Source, computed, stored};
use crate::context::Context;
use crate::error::CliError;

/// A file of labels, by the answers that they are of.
pub(crate) struct Labels {
    pub(crate) answers: Vec<Located<RatedAnswer>>,
    /// The hash of the file.
    pub(crate) hash: Digest,
    /// Who labelled them.
    pub(crate) raters: Raters,
}

/// What a metric was asked of a label's answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) example: Example,
    pub(crate) reply: Reply,
}

/// A labelled answer with its score.
pub(crate) struct ScoredAnswer {
    pub(crate) rated: RatedAnswer,
    /// What it shares with those it is not independent of.
    pub(crate) group: String,
    pub(crate) asked: Arc<Asked>,
    pub(crate) measurement: Measurement,
}

/// The labels with their scores.
pub(crate) struct Answers {
    pub(crate) scored: Vec<ScoredAnswer>,
    /// The run that the scores are from.
    pub(crate) run: Option<RunId>,
    /// Why the first score that is missing could not be had, by what became of it.
    pub(crate) missing: Vec<String>,
}

/// Who labelled answers, where several people did.
pub(crate) struct Raters {
    /// All labels of answers.
    pub(crate) labels: usize,
    /// The answers that they are of.
    pub(crate) answers: usize,
    /// Different annotators.
    pub(crate) names: usize,
    /// Whether the labels are ratings, rather than yes and no.
    pub(crate) have_ratings: bool,
}

impl Raters {
    fn of(answers: &[Located<RatedAnswer>]) -> Self {
        let raters = || answers.iter().flat_map(|answer| &answer.value.raters);
        let values = || raters().filter_map(|rater| rater.value);
        let names: BTreeSet<&str> =
            raters().filter_map(|rater| rater.annotator.as_deref()).collect();
        Self {
            labels: values().count(),
            answers: answers.iter().filter(|answer| answer.value.mean().is_some()).count(),
            names: names.len(),
            have_ratings: values().any(LabelValue::is_rating),
        }
    }
}

impl Labels {
    /// Reads the file, and checks that it fits what was asked for.
    pub(crate) fn read(args: &CalibrationArgs) -> Result<Self, CliError> {
        let labels = read_labels(&args.labels).map_err(|error| {
            let hint = error.hint();
            CliError::input(error).with_hint_if(hint)
        })?;
        let answers = rated_answers(labels);
        check_kind(args, &answers)?;
        check_source(args, &answers)?;
        Ok(Self { raters: Raters::of(&answers), hash: hash_of(&args.labels)?, answers })
    }
}

impl Answers {
    /// Takes or computes the score of each answer.
    pub(crate) fn scored(
        args: &CalibrationArgs,
        labels: &Labels,
        source: &Source,
        context: &mut Context,
    ) -> Result<Self, CliError> {
        match &args.run {
            Some(name) => stored::scores(name, source, labels, context),
            None => computed::scores(source, labels, context),
        }
    }

    /// Lists the answers without asking anybody, where they are the file's own.
    pub(crate) fn unasked(labels: &Labels) -> Result<Self, CliError> {
        computed::unasked(labels)
    }

    /// Returns labels with scores, as a threshold is chosen from them.
    pub(crate) fn labelled(&self, positive_from: Option<Finite>) -> Vec<LabelledAnswer> {
        let labelled = |answer: &ScoredAnswer| {
            Some(LabelledAnswer {
                label: answer.rated.mean()?,
                is_good: answer.rated.is_good(positive_from)?,
                group: answer.group.clone(),
                score: (&answer.measurement).into(),
                probability: answer.rated.probability,
            })
        };
        self.scored.iter().filter_map(labelled).collect()
    }

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

/// Returns the hash of the file of labels.
fn hash_of(path: &Path) -> Result<Digest, CliError> {
    let bytes = std::fs::read(path).map_err(|error| {
        CliError::input(format!("failed to read `{}`: {error}", path.display()))
    })?;
    Ok(Digest::of(&bytes))
}

/// A rating says nothing before it is said from which on an answer is good.
fn check_kind(args: &CalibrationArgs, answers: &[Located<RatedAnswer>]) -> Result<(), CliError> {
    let raters = || answers.iter().flat_map(|answer| &answer.value.raters);
    let values = || raters().filter_map(|rater| rater.value);
    let Some(first) = values().next() else {
        let text = format!("`{}` has no label", args.labels.display());
        return Err(CliError::input(text).with_hint("write one JSON object a line, such as `{\"output\": \"...\", \"expected_output\": \"...\", \"label\": true}`"));
    };
    match (first, args.positive_from) {
        (LabelValue::YesOrNo(_), Some(_)) => Err(CliError::input(
            "the labels are `true` and `false`, so `--positive-from` has no meaning",
        )
        .with_hint("leave it out")),
        (LabelValue::Rating(_), None) => {
            let low = values().map(LabelValue::number).min().unwrap_or_default();
            let high = values().map(LabelValue::number).max().unwrap_or_default();
            let text = format!(
                "the labels are ratings from {low} to {high}, and nothing says which of them are good"
            );
            Err(CliError::input(text)
                .with_hint(format!("give the first that is, such as `--positive-from {high}`")))
        }
        _ => Ok(()),
    }
}

/// Labels of a run take a run, and labels with answers of their own take none.
fn check_source(args: &CalibrationArgs, labels: &[Located<RatedAnswer>]) -> Result<(), CliError> {
    for label in labels {
        let place = label.place();
        match (&label.value.answer, &args.run) {
            (LabelledText::Stored { .. }, None) => {
                let text =
                    format!("{place}: the label is about an answer of a run, and no run is named");
                return Err(CliError::input(text).with_hint("name it: `--run latest`"));
            }
            (LabelledText::Own { .. }, Some(_)) => {
                let text = format!(
                    "{place}: the line has an `output` of its own, and `--run` takes answers from a run"
                );
                return Err(CliError::input(text)
                    .with_hint("name the examples of the run by `id`, or leave out `--run`"));
            }
            _ => {}
        }
    }
    Ok(())
}
