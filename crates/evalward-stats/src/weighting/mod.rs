//! Estimates from samples whose members were drawn with unequal probabilities.

mod sums;

pub use sums::{RateInterval, RateMethod, WeightedMean, WeightedSums};
