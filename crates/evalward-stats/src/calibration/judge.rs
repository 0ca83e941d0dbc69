//! Everything that tells how far a judge's scores agree with labels.

use std::num::NonZeroUsize;

use serde::Serialize;

use super::isotonic::isotonic;
use super::reliability::{
    Bins, brier_score, check_probabilities, expected_calibration_error, log_loss,
};
use super::roc::roc;
use crate::StatsError;

/// The usual number of bins of a calibration error.
const TEN: NonZeroUsize = NonZeroUsize::new(10).expect("ten is not zero");

/// The threshold with the largest Youden index.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BestYouden {
    /// Scores of at least this much count as positive.
    pub threshold: f64,
    /// The rate of true positives less that of false positives.
    pub j: f64,
}

/// The threshold with the largest F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BestF1 {
    /// Scores of at least this much count as positive.
    pub threshold: f64,
    /// The harmonic mean of precision and recall.
    pub f1: f64,
}

/// How far a judge's scores agree with labels; what needs both classes is absent with one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgeCalibration {
    /// The number of scores.
    pub n: usize,
    /// The area under the ROC curve.
    pub auc: Option<f64>,
    /// The standard error of `auc`.
    pub auc_se_delong: Option<f64>,
    /// The average precision.
    pub average_precision: Option<f64>,
    /// The threshold with the largest Youden index.
    pub best_youden: Option<BestYouden>,
    /// The threshold with the largest F1.
    pub best_f1: Option<BestF1>,
    /// The Brier score.
    pub brier: f64,
    /// The logarithmic loss.
    pub log_loss: f64,
    /// The expected calibration error over ten bins of equal width.
    pub ece10: f64,
    /// The expected calibration error over ten bins of equal numbers.
    pub ece10_mass: f64,
    /// The isotonic regression of the labels on the scores, at each score.
    pub isotonic: Vec<f64>,
}

/// Returns how well scores separate the labels and serve as probabilities.
///
/// The references are with [`roc`], [`brier_score`], [`expected_calibration_error`] and [`isotonic`]. Assumes independent
/// examples.
///
/// # Errors
/// Returns [`StatsError::TooFew`] without scores, [`StatsError::Unequal`] unless each score has a label,
/// [`StatsError::NotFinite`] for a NaN or infinite score and [`StatsError::OutOfDomain`] for one outside `[0, 1]`.
pub fn judge_calibration(labels: &[bool], scores: &[f64]) -> Result<JudgeCalibration, StatsError> {
    check_probabilities("judge calibration", labels, scores)?;
    let roc = roc(labels, scores)?;
    let outcomes: Vec<f64> = labels.iter().map(|label| f64::from(u8::from(*label))).collect();
    let curve = isotonic(scores, &outcomes, None)?;
    let fitted = scores.iter().map(|score| curve.predict(*score));
    Ok(JudgeCalibration {
        n: scores.len(),
        auc: roc.area(),
        auc_se_delong: roc.standard_error(),
        average_precision: roc.average_precision(),
        best_youden: roc
            .best_youden()
            .map(|(point, j)| BestYouden { threshold: point.threshold, j }),
        best_f1: roc.best_f1().map(|(point, f1)| BestF1 { threshold: point.threshold, f1 }),
        brier: brier_score(labels, scores)?,
        log_loss: log_loss(labels, scores)?,
        ece10: expected_calibration_error(labels, scores, Bins::EqualWidth(TEN))?,
        ece10_mass: expected_calibration_error(labels, scores, Bins::EqualMass(TEN))?,
        isotonic: fitted.collect::<Result<_, _>>()?,
    })
}
