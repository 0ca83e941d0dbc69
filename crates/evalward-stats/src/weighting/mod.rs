//! Estimates from samples whose members were drawn with unequal probabilities.

mod distribution;
mod poisson;
mod strata;
mod sums;

pub use distribution::{WeightedDistribution, WeightedQuantile, WeightedValue};
pub use poisson::{ExactMoments, PoissonEstimates, exact_moments, poisson_estimates};
pub use strata::{StratifiedMean, poststratified_mean, stratified_mean};
pub use sums::{RateInterval, RateMethod, WeightedMean, WeightedSums};
