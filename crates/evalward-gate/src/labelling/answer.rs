//! What the drawing must know of an answer.

use evalward_core::{ExampleId, Measurement, Outcome, Score, Trial};
use serde_json::Value;

/// An answer of a run that could be labelled.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelCandidate {
    /// The example.
    pub id: ExampleId,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// What other answers may share with it: partition, tags, rules that it breaks.
    pub features: Vec<String>,
    /// What the metric says of it; absent where it has no score.
    pub judged: Option<Judged>,
}

/// A score, as far as it tells how sure the metric is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The value, turned so that larger is better.
    pub value: f64,
    /// The ends of the scale, the worse first, turned likewise; absent where it has none.
    pub ends: Option<(f64, f64)>,
    /// The value that the score had to reach, turned likewise.
    pub threshold: Option<f64>,
    /// Whether it passed; absent where the metric only reports.
    pub passed: Option<bool>,
    /// The smallest and the largest of several samples, turned likewise; equal where there is one.
    pub samples: (f64, f64),
}

impl LabelCandidate {
    /// Takes what matters of a row; nothing where there is no answer, or where the trial was made to confirm a failure: such trials
    /// are made of failures alone, so they are in no mean.
    pub fn of(trial: &Trial, metric: &str) -> Option<Self> {
        if trial.response.is_none() || trial.confirms {
            return None;
        }
        let judged = trial.scores.get(metric).and_then(Measurement::score).map(Judged::of);
        Some(Self {
            id: trial.example_id.clone(),
            trial: trial.trial,
            features: features(trial),
            judged,
        })
    }
}

fn features(trial: &Trial) -> Vec<String> {
    let mut features = vec![format!("partition {}", trial.partition)];
    features.extend(trial.tags.iter().map(|tag| format!("tag {tag}")));
    if let Outcome::Failed(reasons) = &trial.outcome {
        features.extend(reasons.iter().map(|reason| format!("failed {}", reason.metric)));
    }
    for (id, measurement) in &trial.scores {
        let detail = measurement.score().and_then(|score| score.detail.as_ref());
        let constraints = detail.and_then(|detail| detail["constraints"].as_array());
        for constraint in constraints.into_iter().flatten() {
            if constraint["result"] == "failed" {
                let name = constraint["constraint"].as_str().unwrap_or_default();
                features.push(format!("rule {id} {name}"));
            }
        }
    }
    features.sort_unstable();
    features.dedup();
    features
}

impl Judged {
    fn of(score: &Score) -> Self {
        let sign = if score.scale.lower_is_better { -1.0 } else { 1.0 };
        let value = sign * score.value.get();
        let ends = score.scale.min.zip(score.scale.max).map(|(min, max)| {
            let (min, max) = (sign * min.get(), sign * max.get());
            (min.min(max), min.max(max))
        });
        let samples = score.detail.as_ref().map(sample_values).unwrap_or_default();
        let turned = || samples.iter().map(|sample| sign * sample);
        let least = turned().fold(value, f64::min);
        let most = turned().fold(value, f64::max);
        let threshold = score.threshold.map(|threshold| sign * threshold.get());
        Self { value, ends, threshold, passed: score.passed, samples: (least, most) }
    }
}

/// Returns what several samples of a judge said, where the detail of its score tells; of several criteria those that differ most.
fn sample_values(detail: &Value) -> Vec<f64> {
    if let Some(criteria) = detail["criteria"].as_object() {
        let values = criteria.values().map(|criterion| numbers(&criterion["values"]));
        return values
            .max_by(|left, right| spread(left).total_cmp(&spread(right)))
            .filter(|_| criteria.len() == 1)
            .unwrap_or_default();
    }
    let samples = detail["samples"].as_array();
    let share = |sample: &Value| {
        let (accepted, checkable) = (sample["accepted"].as_f64()?, sample["checkable"].as_f64()?);
        (checkable > 0.0).then(|| accepted / checkable)
    };
    samples.into_iter().flatten().filter_map(share).collect()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn spread(values: &[f64]) -> f64 {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (most - least).max(0.0)
}
