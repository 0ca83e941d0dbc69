//! Corrected figures, as they are stored and shown.

use evalward_core::{Finite, Partition};
use evalward_stats::calibration::{Scores, drawn_labels_mean, prediction_powered_mean};
use evalward_stats::{Interval, Level, StatsError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Series;
use crate::Estimate;
use crate::numbers::{count, finite, float};

/// What people's labels make of a judged metric in a partition; it decides nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// The metric.
    pub metric: String,
    /// The partition; absent for all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// The number of answers with a score.
    pub answers: u64,
    /// The number of those that people labelled.
    pub labelled: u64,
    /// Whether all labels tell how likely their answers were drawn; else the answers are taken for a random sample.
    pub knows_probabilities: bool,
    /// The share that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<CorrectedFigure>,
    /// The mean score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<CorrectedFigure>,
}

/// A figure as the judge has it and as labels correct it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedFigure {
    /// What the judge says, with the interval that takes its word for the truth.
    pub raw: Estimate,
    /// What the labels make of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Estimate>,
    /// Why the labels make nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl CorrectedFigure {
    pub(super) fn new(raw: Estimate, corrected: Result<Estimate, String>) -> Self {
        match corrected {
            Ok(corrected) => Self { raw, corrected: Some(corrected), reason: None },
            Err(reason) => Self { raw, corrected: None, reason: Some(reason) },
        }
    }
}

/// Makes an estimate of labels, of which some are worth less than others.
pub(super) fn estimate(
    value: f64,
    interval: Interval,
    (labels, worth): (usize, f64),
    method: &str,
) -> Option<Estimate> {
    let n = count(labels);
    Some(Estimate {
        value: finite(value)?,
        n,
        effective_n: Finite::new(worth).ok().filter(|worth| worth.get() < float(n) - 1e-9),
        low: finite(interval.low)?,
        high: finite(interval.high)?,
        level: finite(Level::P95.confidence())?,
        method: method.to_owned(),
    })
}

/// Corrects a mean: by Angelopoulos and others where the labelled answers are a random sample of independent ones, else by the
/// probabilities with which they were drawn.
pub(super) fn powered(series: &Series) -> Result<Estimate, String> {
    let unseen = || {
        "labels and scores agree in all answers that were labelled, so that the error cannot be seen"
            .to_owned()
    };
    if series.is_even && !series.has_clusters() && !series.unlabelled.is_empty() {
        let scores = Scores {
            labels: &series.labels,
            judged: &series.judged,
            unlabelled: &series.unlabelled,
            weights: None,
        };
        let found = prediction_powered_mean(scores, 0.0, Level::P95).map_err(sentence)?;
        let found = found.recommended_ci_t.ok_or_else(unseen)?;
        let n = series.labels.len();
        return estimate(found.estimate, found.ci, (n, float(count(n))), "prediction-powered")
            .ok_or_else(unseen);
    }
    let found = drawn_labels_mean(series.drawn(), &series.all, &series.all_clusters, Level::P95);
    let found = found.map_err(sentence)?;
    let n = (series.labels.len(), found.n_eff);
    estimate(found.estimate, found.ci, n, "prediction-powered, weighted").ok_or_else(unseen)
}

fn sentence(error: StatsError) -> String {
    match error {
        StatsError::Degenerate { reason, .. } => reason.to_owned(),
        StatsError::TooFew { .. } => "too few labels".to_owned(),
        other => other.to_string(),
    }
}
