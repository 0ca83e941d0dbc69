//! One attempt at evaluating one sample.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use evalward_core::{
    Interaction, Measurement, Outcome, Reply, SuiteMetric, decide_outcome, score_reply,
};
use futures::FutureExt;

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Attempt {
    /// The sample is evaluated, or never can be.
    Done {
        /// The outcome.
        outcome: Outcome,
        /// Each metric's result, by its id in the suite.
        scores: BTreeMap<String, Measurement>,
    },
    /// The evaluator failed; another attempt may do better.
    Failed(String),
}

impl Attempt {
    /// Returns whether the attempt shows that the evaluator works.
    pub(super) fn is_success(&self) -> bool {
        match self {
            Self::Done { scores, .. } => {
                scores.values().any(|measurement| measurement.score().is_some())
            }
            Self::Failed(_) => false,
        }
    }
}

/// Evaluates an interaction; neither a panic in a metric nor one that never answers is more than a failed attempt.
pub(super) async fn attempt(
    metrics: &[SuiteMetric],
    interaction: &Interaction,
    limit: Duration,
) -> Attempt {
    let reply = match reply_of(interaction) {
        Ok(reply) => reply,
        Err(cause) => {
            return Attempt::Done { outcome: Outcome::Errored(cause), scores: BTreeMap::new() };
        }
    };
    let example = interaction.to_example();
    let mut scores = BTreeMap::new();
    let scored = AssertUnwindSafe(score_reply(metrics, &example, &reply, &mut scores));
    match tokio::time::timeout(limit, scored.catch_unwind()).await {
        Err(_) => {
            return Attempt::Failed(format!("the evaluation did not end within {limit:?}"));
        }
        Ok(Err(_)) => return Attempt::Failed("a metric panicked".to_owned()),
        Ok(Ok(())) => {}
    }
    match decide_outcome(metrics, &scores) {
        Outcome::Errored(cause) => Attempt::Failed(cause),
        outcome => Attempt::Done { outcome, scores },
    }
}

/// Returns the answer to evaluate, or why there is none and never will be.
fn reply_of(interaction: &Interaction) -> Result<Reply, String> {
    if let Some(reason) = &interaction.withheld {
        return Err(format!("the content was withheld: {reason}"));
    }
    interaction.to_reply().ok_or_else(|| match &interaction.error {
        Some(error) => format!("the application answered with an error: {error}"),
        None => "the application gave no answer".to_owned(),
    })
}
