//! Scores of answers that the labels hold themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_config::Suite;
use evalward_core::{
    Digest, Example, ExampleId, Measurement, Metric, Reply, Response, SuiteMetric,
};
use evalward_dataset::{LabelledText, Located, RatedAnswer};
use evalward_gate::calibrate::LabelledAnswer;
use tokio::task::{JoinError, JoinSet};

use super::CalibrateArgs;
use super::answers::{Answers, Raters};
use crate::context::Context;
use crate::error::CliError;

/// An answer to be scored, by its place among the labels.
type Question = (usize, Box<Example>, Reply);

/// Computes the metric on each label's answer.
pub(super) fn scores(
    suite: &Suite,
    metric: &SuiteMetric,
    (mut labels, args): (Vec<Located<RatedAnswer>>, &CalibrateArgs),
    context: &mut Context,
) -> Result<Answers, CliError> {
    metric.metric.preflight().map_err(CliError::input)?;
    let groups: Vec<String> = labels.iter().enumerate().map(group).collect();
    let mut questions: Vec<Question> = Vec::new();
    for (position, label) in labels.iter_mut().enumerate() {
        let LabelledText::Own { example, output } = &mut label.value.answer else { continue };
        check_documents(example).map_err(|problem| {
            CliError::input(format!("{}:{}: {problem}", label.path.display(), label.line))
        })?;
        let mut example =
            std::mem::replace(example, Box::new(Example::new("label", example.partition)));
        if let Ok(id) = ExampleId::new(format!("line-{}", label.line)) {
            example.id = id;
        }
        let reply = Response::from_text(std::mem::take(output)).into();
        questions.push((position, example, reply));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let most = usize::try_from(suite.concurrency.get()).unwrap_or(usize::MAX);
    let found = runtime.block_on(measure(&metric.metric, questions, most));
    context.keep_alive(runtime);
    let raters = Raters::of(&labels);
    let mut answers = Answers { labelled: Vec::new(), run: None, raters, missing: Vec::new() };
    for ((position, label), group) in labels.iter().enumerate().zip(groups) {
        let lost = || Measurement::Errored("the metric panicked".to_owned());
        let measurement = found.get(&position).cloned().unwrap_or_else(lost);
        let Some(is_good) = label.value.is_good(args.positive_from) else { continue };
        let rating = label.value.mean().unwrap_or_default();
        answers.note_missing(label, &measurement);
        let score = (&measurement).into();
        answers.labelled.push(LabelledAnswer { label: rating, is_good, group, score });
    }
    Ok(answers)
}

/// Answers to one input are not independent of each other; without an input each line stands for itself.
fn group((position, label): (usize, &Located<RatedAnswer>)) -> String {
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
    questions: Vec<Question>,
    most: usize,
) -> BTreeMap<usize, Measurement> {
    let mut found = BTreeMap::new();
    let mut tasks: JoinSet<(usize, Measurement)> = JoinSet::new();
    let mut keep = |done: Result<(usize, Measurement), JoinError>| {
        if let Ok((position, measurement)) = done {
            found.insert(position, measurement);
        }
    };
    for (position, example, reply) in questions {
        if tasks.len() >= most
            && let Some(done) = tasks.join_next().await
        {
            keep(done);
        }
        let metric = Arc::clone(metric);
        tasks.spawn(async move { (position, metric.score(&example, &reply).await) });
    }
    while let Some(done) = tasks.join_next().await {
        keep(done);
    }
    metric.shutdown().await;
    found
}
