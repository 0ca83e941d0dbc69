//! How far a judge's scores can be trusted, and rates corrected for its errors.

mod isotonic;
mod judge;
mod prediction_powered;
mod reliability;
mod roc;
mod rogan_gladen;
mod threshold;
mod weighted_labels;

pub use isotonic::{Isotonic, isotonic};
pub use judge::{BestF1, BestYouden, JudgeCalibration, judge_calibration};
pub use prediction_powered::{
    PredictionPowered, PredictionPoweredMean, RecommendedInterval, Scores, prediction_powered_mean,
};
pub use reliability::{
    Bins, ReliabilityBin, brier_score, expected_calibration_error, log_loss, reliability_bins,
};
pub use roc::{Roc, RocPoint, roc};
pub use rogan_gladen::{JudgedRate, RoganGladen, rogan_gladen};
pub use threshold::{
    CrossValidated, GroupedRate, LabelledScores, PassingOutcome, ThresholdRule, choose_threshold,
    cross_validate_threshold, outcome_at,
};
pub use weighted_labels::{DrawnLabels, DrawnMean, drawn_labels_mean};
