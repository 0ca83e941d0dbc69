//! Description of a sample: moments, quantiles and their intervals; and the distributions behind them.

mod describe;
mod distribution;
mod double;
mod quantile_interval;
mod summary;

pub(crate) use describe::quantile_of;
pub use describe::{mean, quantile};
pub use distribution::Distribution;
pub use quantile_interval::{QuantileInterval, quantile_interval};
pub use summary::{Description, describe};
