//! What a dataset can show: the smallest loss that is found, from the variance in stored runs.

mod repeats;
mod rows;
mod variance;

pub use repeats::{REPEATS, RepeatPlan};
pub use rows::{PowerRow, power_of_runs};
pub use variance::Basis;
