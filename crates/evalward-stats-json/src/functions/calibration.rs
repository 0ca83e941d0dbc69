//! Calibration of judges, and rates corrected for their errors.

use evalward_stats::calibration::{self, JudgedRate, Scores, isotonic, prediction_powered_mean};
use evalward_stats::{Level, StatsError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, number, read, whole, wholes, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("judge_calibration", judge_calibration),
    ("ppi_mean", ppi_mean),
    ("rogan_gladen", rogan_gladen),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelsInput {
    labels: Numbers,
    scores: Numbers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IsotonicInput {
    isotonic_x: Numbers,
    isotonic_y: Numbers,
    isotonic_w: Option<Numbers>,
    #[serde(default)]
    query: Numbers,
}

#[derive(Serialize)]
struct IsotonicResult {
    fitted: Vec<f64>,
    predicted: Vec<f64>,
}

/// Answers for labels and scores, or with the isotonic regression alone for points.
fn judge_calibration(input: Value) -> Result<Value, Failure> {
    if input.get("isotonic_x").is_some() {
        return isotonic_regression(input);
    }
    let LabelsInput { labels, scores } = read(input)?;
    let labels = wholes("labels", &labels.0)?.into_iter().zip(labels.0);
    let labels = labels.map(label).collect::<Result<Vec<bool>, StatsError>>()?;
    write(&calibration::judge_calibration(&labels, &scores.0)?)
}

/// Takes a count, which the number says, for a label.
fn label((count, value): (u64, f64)) -> Result<bool, StatsError> {
    match count {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(StatsError::OutOfDomain { argument: "labels", value, expected: "0 or 1" }),
    }
}

fn isotonic_regression(input: Value) -> Result<Value, Failure> {
    let IsotonicInput { isotonic_x: x, isotonic_y: y, isotonic_w: weights, query } = read(input)?;
    let curve = isotonic(&x.0, &y.0, weights.as_ref().map(|it| it.0.as_slice()))?;
    let heights = |at: Vec<f64>| -> Result<Vec<f64>, StatsError> {
        at.into_iter().map(|x| curve.predict(x)).collect()
    };
    write(&IsotonicResult { fitted: heights(x.0)?, predicted: heights(query.0)? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateInput {
    #[serde(deserialize_with = "number")]
    p: f64,
    #[serde(deserialize_with = "number")]
    q0: f64,
    #[serde(deserialize_with = "number")]
    q1: f64,
    #[serde(deserialize_with = "number")]
    n: f64,
    #[serde(deserialize_with = "number")]
    m0: f64,
    #[serde(deserialize_with = "number")]
    m1: f64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn rogan_gladen(input: Value) -> Result<Value, Failure> {
    let RateInput { p, q0, q1, n, m0, m1, conf } = read(input)?;
    let judged = JudgedRate {
        pass_rate: p,
        n: whole("n", n)?,
        specificity: q0,
        bad: whole("m0", m0)?,
        sensitivity: q1,
        good: whole("m1", m1)?,
    };
    write(&calibration::rogan_gladen(&judged, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PpiInput {
    y: Numbers,
    yhat: Numbers,
    yhat_unl: Numbers,
    w: Option<Numbers>,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    null: f64,
}

fn ppi_mean(input: Value) -> Result<Value, Failure> {
    let PpiInput { y, yhat, yhat_unl, w, alpha, null } = read(input)?;
    let scores = Scores {
        labels: &y.0,
        judged: &yhat.0,
        unlabelled: &yhat_unl.0,
        weights: w.as_ref().map(|it| it.0.as_slice()),
    };
    write(&prediction_powered_mean(scores, null, Level::new(1.0 - alpha)?)?)
}
