//! Intervals for rates and means, from independent or clustered observations.

mod betting;
mod binomial;
mod bootstrap;
mod cluster;
mod cluster_groups;
mod effective_rate;
mod fisher;
mod mean;
mod miettinen_nurminen;
mod paired_proportion;
mod score_search;
mod two_proportions;

pub use betting::betting_interval;
pub(crate) use betting::{betting_p_below, betting_p_constant};
pub(crate) use binomial::failures;
pub use binomial::{BinomialMethod, binomial_interval, observed_rate};
pub use bootstrap::{
    Bootstrap, Draws, PairDraws, Statistic, bootstrap, bootstrap_clusters, bootstrap_difference,
    cluster_percentiles,
};
pub use cluster::{ClusterMean, ClusterRobustMean, cluster_robust_mean, cluster_robust_mean_cr2};
pub(crate) use cluster_groups::Groups;
pub use effective_rate::effective_rate_interval;
pub use mean::{MeanTest, mean_interval};
pub use miettinen_nurminen::miettinen_nurminen_interval;
pub use paired_proportion::tango_interval;
pub use two_proportions::{TwoProportions, two_proportions};
