//! The bootstrap: percentile, basic and `BCa` intervals, from given or from seeded resamples.

mod acceleration;
mod clusters;
mod draws;
mod run;
mod statistic;

pub use clusters::cluster_percentiles;
pub use draws::{Draws, PairDraws};
pub use run::{Bootstrap, bootstrap, bootstrap_clusters, bootstrap_difference};
pub use statistic::Statistic;
