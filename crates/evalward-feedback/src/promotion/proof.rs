//! The proof that an example is worth having: it fails on the recorded bad output and passes on the expected one.

use std::collections::BTreeMap;

use evalward_core::{
    Example, Outcome, Reason, Reply, Response, SuiteMetric, decide_outcome, score_reply,
};

/// Returns why the recorded bad output fails, or everything that keeps the example from being proven.
pub(super) async fn prove(
    metrics: &[SuiteMetric],
    example: &Example,
    observed: Option<&str>,
) -> Result<Vec<Reason>, Vec<String>> {
    let mut problems = Vec::new();
    let mut fails_with = Vec::new();
    match observed {
        None => problems.push("has no recorded bad output, so nothing proves that it can fail".to_owned()),
        Some(output) => match outcome_of(metrics, example, output).await {
            Outcome::Failed(reasons) => fails_with = reasons,
            Outcome::Passed => problems.push(
                "its recorded bad output passes, so it would guard against nothing; correct `checks` or the expected output"
                    .to_owned(),
            ),
            Outcome::Errored(cause) => {
                problems.push(format!("its recorded bad output could not be evaluated: {cause}"));
            }
            Outcome::Skipped(cause) => problems
                .push(format!("no metric of the suite applies to its recorded bad output: {cause}")),
        },
    }
    if let Some(expected) = &example.expected_output {
        match outcome_of(metrics, example, expected).await {
            Outcome::Passed => {}
            Outcome::Failed(reasons) => problems.push(format!(
                "its expected output fails, so that no answer could be right: {}",
                in_words(&reasons)
            )),
            Outcome::Errored(cause) => {
                problems.push(format!("its expected output could not be evaluated: {cause}"));
            }
            Outcome::Skipped(cause) => problems
                .push(format!("no metric of the suite applies to its expected output: {cause}")),
        }
    }
    if problems.is_empty() { Ok(fails_with) } else { Err(problems) }
}

/// Writes reasons as reports do.
pub(super) fn in_words(reasons: &[Reason]) -> String {
    let words: Vec<_> =
        reasons.iter().map(|reason| format!("{}: {}", reason.metric, reason.message)).collect();
    words.join("; ")
}

async fn outcome_of(metrics: &[SuiteMetric], example: &Example, output: &str) -> Outcome {
    let response = Response { context: example.context.clone(), ..Response::from_text(output) };
    let mut scores = BTreeMap::new();
    score_reply(metrics, example, &Reply::from(response), &mut scores).await;
    decide_outcome(metrics, &scores)
}
