//! Rows whose judge does not gate.

use evalward_core::{Measurement, Outcome, Trial};

/// Takes the word of some metrics from a row: they only report, and what became of the example follows from the others.
pub fn suspend(mut trial: Trial, metrics: &[&str]) -> Trial {
    for id in metrics {
        if let Some(Measurement::Score(score)) = trial.scores.get_mut(*id) {
            score.passed = None;
            score.threshold = None;
        }
    }
    let decides = trial.scores.values().any(|it| it.passed().is_some());
    let undecided = || {
        if decides {
            Outcome::Passed
        } else {
            Outcome::Skipped("the judge is suspended, and nothing else decides".to_owned())
        }
    };
    trial.outcome = match trial.outcome {
        Outcome::Passed => undecided(),
        Outcome::Failed(mut reasons) => {
            reasons.retain(|reason| !metrics.contains(&reason.metric.as_str()));
            if reasons.is_empty() { undecided() } else { Outcome::Failed(reasons) }
        }
        other => other,
    };
    trial
}
