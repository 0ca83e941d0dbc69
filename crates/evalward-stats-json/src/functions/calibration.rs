//! Calibration of judges, and rates corrected for their errors.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
