//! Description of a sample: moments, quantiles and their intervals; and the distributions behind them.

mod describe;
mod distribution;

pub use describe::{mean, quantile};
pub use distribution::Distribution;
