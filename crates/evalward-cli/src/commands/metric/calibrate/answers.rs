//! The labels with the scores of their answers.

use std::collections::BTreeSet;

use evalward_config::Suite;
use evalward_core::{Digest, RunId, SuiteMetric};
use evalward_dataset::{
    LabelValue, LabelledText, Located, RatedAnswer, rated_answers, read_labels,
};
use evalward_gate::calibrate::LabelledAnswer;

use super::{CalibrateArgs, computed, hash_of, stored};
use crate::context::Context;
use crate::error::CliError;

/// The labels with their scores.
pub(super) struct Answers {
    pub(super) labelled: Vec<LabelledAnswer>,
    /// The run that the scores are from.
    pub(super) run: Option<RunId>,
    /// Who labelled them.
    pub(super) raters: Raters,
    /// Why the first score that is missing could not be had, by what became of it.
    pub(super) missing: Vec<String>,
}

/// Who labelled answers, where several people did.
pub(super) struct Raters {
    /// All labels of answers.
    pub(super) labels: usize,
    /// The answers that they are of.
    pub(super) answers: usize,
    /// Different annotators.
    pub(super) names: usize,
    /// Whether the labels are ratings, rather than yes and no.
    pub(super) have_ratings: bool,
}

impl Raters {
    pub(super) fn of(answers: &[Located<RatedAnswer>]) -> Self {
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

/// Reads the labels, takes or computes the scores, and returns them with the hash of the file.
pub(super) fn read(
    args: &CalibrateArgs,
    suite: &Suite,
    metric: &SuiteMetric,
    context: &mut Context,
) -> Result<(Answers, Digest), CliError> {
    let labels = read_labels(&args.labels).map_err(|error| {
        let hint = error.hint();
        CliError::input(error).with_hint_if(hint)
    })?;
    let rated = rated_answers(labels);
    let hash = hash_of(&args.labels)?;
    check_kind(args, &rated)?;
    check_source(args, &rated)?;
    let answers = match &args.run {
        Some(name) => stored::scores(name, suite, metric, (&rated, args), context)?,
        None => computed::scores(suite, metric, (rated, args), context)?,
    };
    Ok((answers, hash))
}

/// A rating says nothing before it is said from which on an answer is good.
fn check_kind(args: &CalibrateArgs, answers: &[Located<RatedAnswer>]) -> Result<(), CliError> {
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
fn check_source(args: &CalibrateArgs, labels: &[Located<RatedAnswer>]) -> Result<(), CliError> {
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
