//! Scores of answers that the labels hold themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_core::{Digest, Example, ExampleId, Measurement, Metric, Response};
use evalward_dataset::{LabelledText, Located, RatedAnswer};
use tokio::task::{JoinError, JoinSet};

use super::answers::{Answers, Asked, Labels, ScoredAnswer};
use super::progress::Progress;
use super::suite::Source;
use crate::context::Context;
use crate::error::CliError;

/// Computes the metric on each label's answer.
pub(super) fn scores(
    source: &Source,
    labels: &Labels,
    context: &mut Context,
) -> Result<Answers, CliError> {
    let questions = questions(labels)?;
    let mut found = ask(source, &questions, context)?.into_iter();
    Ok(joined(labels, questions, |_| found.next().unwrap_or_else(lost)))
}

/// Computes the metric on each answer.
pub(super) fn ask(
    source: &Source,
    questions: &[Arc<Asked>],
    context: &mut Context,
) -> Result<Vec<Measurement>, CliError> {
    let metric = &source.metric.metric;
    metric.preflight().map_err(CliError::input)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut progress = Progress::of(questions.len(), context);
    let mut found = runtime
        .block_on(measure(metric, questions, source.at_once(), || progress.advance(context)));
    context.keep_alive(runtime);
    Ok((0..questions.len()).map(|place| found.remove(&place).unwrap_or_else(lost)).collect())
}

fn lost() -> Measurement {
    Measurement::Errored("the metric panicked".to_owned())
}

/// Lists the answers without asking anybody.
pub(super) fn unasked(labels: &Labels) -> Result<Answers, CliError> {
    let questions = questions(labels)?;
    let unasked = joined(labels, questions, |_| Measurement::Skipped("not asked".to_owned()));
    Ok(Answers { missing: Vec::new(), ..unasked })
}

fn joined(
    labels: &Labels,
    questions: Vec<Arc<Asked>>,
    mut score: impl FnMut(usize) -> Measurement,
) -> Answers {
    let mut answers = Answers { scored: Vec::new(), run: None, missing: Vec::new() };
    for (place, (label, asked)) in labels.answers.iter().zip(questions).enumerate() {
        let measurement = score(place);
        answers.note_missing(label, &measurement);
        let (rated, group) = (label.value.clone(), group((place, label)));
        answers.scored.push(ScoredAnswer { rated, group, asked, measurement });
    }
    answers
}

/// Makes an example and a reply of each label.
fn questions(labels: &Labels) -> Result<Vec<Arc<Asked>>, CliError> {
    let mut questions = Vec::new();
    for label in &labels.answers {
        let LabelledText::Own { example, output } = &label.value.answer else { continue };
        check_documents(example).map_err(|problem| {
            CliError::input(format!("{}:{}: {problem}", label.path.display(), label.line))
        })?;
        let mut example = (**example).clone();
        if let Ok(id) = ExampleId::new(format!("line-{}", label.line)) {
            example.id = id;
        }
        let reply = Response::from_text(output.clone()).into();
        questions.push(Arc::new(Asked { example, reply }));
    }
    Ok(questions)
}

/// Answers to one input are not independent of each other; without an input each line stands for itself.
pub(super) fn group((position, label): (usize, &Located<RatedAnswer>)) -> String {
    if let Some(cluster) = &label.value.cluster {
        return format!("cluster {cluster}");
    }
    match &label.value.answer {
        LabelledText::Own { example, .. } if !example.input.is_empty() => {
            let input = serde_json::json!(example.input);
            format!("input {}", Digest::of_json(&input))
        }
        _ => format!("line {position}"),
    }
}

/// A file of labels has no folder of documents that a reference could lead into.
fn check_documents(example: &Example) -> Result<(), String> {
    match example.context.iter().find_map(|document| document.reference.as_ref()) {
        Some(reference) => {
            Err(format!("a label cannot refer to the document `{reference}`: write its `text`"))
        }
        None => Ok(()),
    }
}

/// Measures all answers, a bounded number at a time; one that is lost is left out.
async fn measure(
    metric: &Arc<dyn Metric>,
    questions: &[Arc<Asked>],
    most: usize,
    mut advance: impl FnMut(),
) -> BTreeMap<usize, Measurement> {
    let mut found = BTreeMap::new();
    let mut tasks: JoinSet<(usize, Measurement)> = JoinSet::new();
    let mut keep = |done: Result<(usize, Measurement), JoinError>| {
        advance();
        if let Ok((place, measurement)) = done {
            found.insert(place, measurement);
        }
    };
    for (place, asked) in questions.iter().enumerate() {
        if tasks.len() >= most
            && let Some(done) = tasks.join_next().await
        {
            keep(done);
        }
        let (metric, asked) = (Arc::clone(metric), Arc::clone(asked));
        tasks.spawn(async move { (place, metric.score(&asked.example, &asked.reply).await) });
    }
    while let Some(done) = tasks.join_next().await {
        keep(done);
    }
    metric.shutdown().await;
    found
}
