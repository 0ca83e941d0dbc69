//! A threshold for a metric, chosen from what people say of answers.
//!
//! [`calibrate`] takes scores with labels and gives [`CalibrationFigures`]: how well the scores tell good answers from bad
//! ones, what each threshold comes to, which one a stated rule chooses, and how that rule does on answers it did not see. Where
//! the labels do not carry a threshold it chooses none and says what it would take.

mod advice;
mod calibration;
mod compute;
mod rounding;

pub use calibration::{
    Calibration, CalibrationFigures, CalibrationRule, CrossValidation, LabelCounts, LabelledAnswer,
    ThresholdFigures,
};
pub use compute::{CalibrateOptions, MIN_OF_EACH, calibrate, roc_curve};
