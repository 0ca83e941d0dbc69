//! Regression statistics: pure numerics on slices and counts.
//!
//! Every function is a plain function of its arguments: no I/O, no clock, no
//! generator but one that an argument seeds, no configuration. This crate must not know what an example, a
//! metric or a gate is; it sees numbers and returns numbers or a [`StatsError`].
//! The entry point for rates is [`binomial_interval`], for samples the
//! functions named after what they estimate.
//!
//! ```
//! use evalward_stats::{BinomialMethod, Level, binomial_interval};
//!
//! let interval = binomial_interval(48, 50, Level::P95, BinomialMethod::ClopperPearson)?;
//! assert!(interval.low > 0.86 && interval.high < 1.0);
//! # Ok::<(), evalward_stats::StatsError>(())
//! ```

pub mod agreement;
pub mod calibration;
pub mod comparison;
mod convert;
pub mod description;
pub mod drift;
mod error;
mod interval;
pub mod intervals;
pub mod planning;
mod root;
mod sample;
pub mod sequential;
mod sorting;
mod special;
pub mod verdict;
pub mod weighting;

pub use description::{mean, quantile};
pub use error::StatsError;
pub use interval::{Interval, Level, OpenInterval};
pub use intervals::{BinomialMethod, binomial_interval};
pub use planning::{NEEDED_N_CAP, needed_n_for_rate};
pub use weighting::{RateInterval, RateMethod, WeightedMean, WeightedSums};
