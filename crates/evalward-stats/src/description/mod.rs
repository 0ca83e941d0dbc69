//! Description of a sample: moments, quantiles and their intervals; the distributions behind them; what repeated trials show.

mod describe;
mod distribution;
mod double;
mod passes;
mod quantile_interval;
mod summary;

pub(crate) use describe::quantile_of;
pub use describe::{mean, quantile};
pub use distribution::Distribution;
pub use passes::{pass_at_k, pass_hat_k};
pub use quantile_interval::{QuantileInterval, quantile_interval};
pub use summary::{Description, describe};
