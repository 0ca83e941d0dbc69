//! A threshold for a metric, chosen from what people say of answers.
//!
//! [`calibrate`] takes scores with labels and gives [`CalibrationFigures`]: how well the scores tell good answers from bad
//! ones, what each threshold comes to, which one a stated rule chooses, and how that rule does on answers it did not see. Where
//! the labels do not carry a threshold it chooses none and says what it would take. [`calibrate_judge`] adds what a judge is
//! worth: whether people agree with each other, and how far the judge agrees with them.

mod advice;
mod calibration;
mod compute;
mod judge;
mod rounding;

pub use calibration::{
    Calibration, CalibrationFigures, CalibrationRule, CrossValidation, LabelCounts, LabelledAnswer,
    ThresholdFigures,
};
pub use compute::{CalibrateOptions, MIN_OF_EACH, calibrate, roc_curve};
pub use judge::{
    Agreement, AskedFigures, BaselineFigures, ClaimCell, ClaimFigures, ClaimPair, ComparedAs,
    JudgeFigures, JudgeOptions, JudgedAnswer, JudgedClaims, LabelScale, RatedLabels, Reliability,
    ReliabilityStatus, calibrate_judge, label_reliability,
};
