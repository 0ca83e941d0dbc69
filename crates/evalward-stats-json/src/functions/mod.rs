//! The functions by the names that requests give; one file for each family.

mod agreement;
mod bootstrap;
mod calibration;
mod description;
mod drift;
mod intervals;
mod means;
mod planning;
mod ranks;
mod sequential;
mod tables;

use serde_json::Value;

use crate::failure::Failure;

/// A function: from its input to its result.
pub(crate) type Function = fn(Value) -> Result<Value, Failure>;

/// The functions of each family.
const FAMILIES: [&[(&str, Function)]; 11] = [
    agreement::FUNCTIONS,
    bootstrap::FUNCTIONS,
    calibration::FUNCTIONS,
    description::FUNCTIONS,
    drift::FUNCTIONS,
    intervals::FUNCTIONS,
    means::FUNCTIONS,
    planning::FUNCTIONS,
    ranks::FUNCTIONS,
    sequential::FUNCTIONS,
    tables::FUNCTIONS,
];

/// Iterates over all functions with their names.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Function)> {
    FAMILIES.into_iter().flatten().copied()
}

/// Returns the function of this name.
pub(crate) fn find(name: &str) -> Option<Function> {
    all().find(|(known, _)| *known == name).map(|(_, function)| function)
}
