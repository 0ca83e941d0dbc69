//! Description of a sample: moments, quantiles and their intervals.

mod describe;

pub use describe::{mean, quantile};
