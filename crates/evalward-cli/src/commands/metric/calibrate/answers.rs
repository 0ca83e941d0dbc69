//! The labels with the scores of their answers.

use evalward_config::Suite;
use evalward_core::{Digest, Finite, RunId, SuiteMetric};
use evalward_dataset::{AnswerLabel, LabelValue, LabelledText, Located, read_labels};
use evalward_gate::calibrate::LabelledAnswer;

use super::{CalibrateArgs, computed, hash_of, stored};
use crate::context::Context;
use crate::error::CliError;

/// The labels with their scores.
pub(super) struct Answers {
    pub(super) labelled: Vec<LabelledAnswer>,
    /// The run that the scores are from.
    pub(super) run: Option<RunId>,
    /// Why the first score that is missing could not be had, by what became of it.
    pub(super) missing: Vec<String>,
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
    let hash = hash_of(&args.labels)?;
    check_kind(args, &labels)?;
    check_source(args, &labels)?;
    let answers = match &args.run {
        Some(name) => stored::scores(name, suite, metric, (&labels, args), context)?,
        None => computed::scores(suite, metric, (labels, args), context)?,
    };
    Ok((answers, hash))
}

/// A rating says nothing before it is said from which on an answer is good.
fn check_kind(args: &CalibrateArgs, labels: &[Located<AnswerLabel>]) -> Result<(), CliError> {
    let Some(first) = labels.first() else {
        let text = format!("`{}` has no label", args.labels.display());
        return Err(CliError::input(text).with_hint("write one JSON object a line, such as `{\"output\": \"...\", \"expected_output\": \"...\", \"label\": true}`"));
    };
    match (first.value.value, args.positive_from) {
        (LabelValue::YesOrNo(_), Some(_)) => Err(CliError::input(
            "the labels are `true` and `false`, so `--positive-from` has no meaning",
        )
        .with_hint("leave it out")),
        (LabelValue::Rating(_), None) => {
            let ratings = labels.iter().filter_map(|label| match label.value.value {
                LabelValue::Rating(rating) => Some(rating),
                LabelValue::YesOrNo(_) => None,
            });
            let low = ratings.clone().min().unwrap_or_default();
            let high = ratings.max().unwrap_or_default();
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
fn check_source(args: &CalibrateArgs, labels: &[Located<AnswerLabel>]) -> Result<(), CliError> {
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

/// Returns a label as a number, and whether it means good.
pub(super) fn meaning(value: LabelValue, positive_from: Option<Finite>) -> (Finite, bool) {
    match value {
        LabelValue::YesOrNo(is_good) => (is_good.into(), is_good),
        LabelValue::Rating(rating) => (rating, positive_from.is_some_and(|from| rating >= from)),
    }
}
