//! From a reply to the results of the metrics, and from them to what became of the example.

use std::collections::BTreeMap;

use crate::{
    Example, Finite, Measured, Measurement, Outcome, Reason, ReasonKind, Reply, Score, SuiteMetric,
    Trial,
};

/// Scores a reply with each metric in turn; `scores` gets one result by metric id, and keeps those it has if a metric panics.
pub async fn score_reply(
    metrics: &[SuiteMetric],
    example: &Example,
    reply: &Reply,
    scores: &mut BTreeMap<String, Measurement>,
) {
    score_each(metrics, example, reply, |metric, measured| {
        scores.insert(metric.id.clone(), measured.measurement);
    })
    .await;
}

/// Scores a reply as [`score_reply`] does, into the row of a trial, which also gets what models were asked for.
pub async fn score_trial(
    metrics: &[SuiteMetric],
    example: &Example,
    reply: &Reply,
    trial: &mut Trial,
) {
    score_each(metrics, example, reply, |metric, Measured { measurement, calls, embeddings }| {
        trial.scores.insert(metric.id.clone(), measurement);
        if let Some(calls) = calls {
            trial.judge_calls.insert(metric.id.clone(), calls);
        }
        if let Some(calls) = embeddings {
            trial.embedding_calls.insert(metric.id.clone(), calls);
        }
    })
    .await;
}

async fn score_each(
    metrics: &[SuiteMetric],
    example: &Example,
    reply: &Reply,
    mut keep: impl FnMut(&SuiteMetric, Measured) + Send,
) {
    for metric in metrics {
        // An example without checks of its own says nothing by saying that it has none.
        if metric.metric.kind() == "checks" && example.checks.is_none() {
            continue;
        }
        keep(metric, metric.measure(example, reply).await);
    }
}

/// Decides what became of an example: errored before failed, failed before skipped, and passed only if something gating did.
///
/// All reasons are kept, in the order constraints and checks, hallucination, similarity, judge, other metrics.
pub fn decide_outcome(metrics: &[SuiteMetric], scores: &BTreeMap<String, Measurement>) -> Outcome {
    let mut errors = Vec::new();
    let mut reasons = Vec::new();
    let mut gated = false;
    for metric in metrics {
        match scores.get(&metric.id) {
            Some(Measurement::Errored(cause)) => {
                errors.push(format!("metric `{}`: {cause}", metric.id));
            }
            Some(Measurement::Score(score)) => {
                gated |= score.passed.is_some();
                if score.passed == Some(false) {
                    reasons.extend(reasons_of(metric, score));
                }
            }
            Some(Measurement::Skipped(_)) | None => {}
        }
    }
    if !errors.is_empty() {
        return Outcome::Errored(errors.join("; "));
    }
    if !reasons.is_empty() {
        reasons.sort_by_key(|reason| reason.kind);
        return Outcome::Failed(reasons);
    }
    if gated { Outcome::Passed } else { Outcome::Skipped("no gating metric applies".to_owned()) }
}

fn reasons_of(metric: &SuiteMetric, score: &Score) -> Vec<Reason> {
    let reason = |message: String| Reason {
        kind: metric.metric.reason_kind(),
        metric: metric.id.clone(),
        message,
    };
    let missed = score.threshold.is_some_and(|threshold| {
        if score.scale.lower_is_better { score.value > threshold } else { score.value < threshold }
    });
    // What similarity tells beside its value does not explain it.
    let value_counts = metric.metric.reason_kind() == ReasonKind::SemanticSimilarity && missed;
    let problems = score.problems.iter().cloned().map(reason);
    if !score.problems.is_empty() && !value_counts {
        return problems.collect();
    }
    let value = score.value.get();
    let of_value = reason(match score.threshold {
        Some(threshold) => {
            let side = if score.scale.lower_is_better { "above" } else { "below" };
            let shown = shown_beside(score, threshold);
            format!("score {shown} is {side} {threshold}")
        }
        None => format!("score {value:.3}"),
    });
    std::iter::once(of_value).chain(problems).collect()
}

/// Writes a score that missed its threshold with three decimals, and in full where it would seem to have reached it then.
fn shown_beside(score: &Score, threshold: Finite) -> String {
    let value = score.value.get();
    let rounded = format!("{value:.3}");
    let read = rounded.parse().ok().and_then(|value| Finite::new(value).ok());
    let seems_to_clear = read.is_some_and(|value| score.scale.clears(value, threshold));
    if seems_to_clear { value.to_string() } else { rounded }
}
