//! From the results of the metrics to what became of the example.

use std::collections::BTreeMap;

use evalward_core::{Measurement, Outcome, Reason, Score, SuiteMetric};

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
    if !score.problems.is_empty() {
        return score.problems.iter().cloned().map(reason).collect();
    }
    let value = score.value.get();
    vec![reason(match score.threshold {
        Some(threshold) => {
            let side = if score.scale.lower_is_better { "above" } else { "below" };
            format!("score {value:.3} is {side} {}", threshold.get())
        }
        None => format!("score {value:.3}"),
    })]
}
