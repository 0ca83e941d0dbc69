//! Means and shares with their intervals.

use evalward_stats::comparison::sign_test;
use evalward_stats::intervals::{cluster_robust_mean, effective_rate_interval};
use evalward_stats::verdict::{Design, Direction, IntervalMethod, ScoreRange, compare_paired};
use evalward_stats::{BinomialMethod, Level, StatsError, binomial_interval};
use serde::{Deserialize, Serialize};

/// The one-sided error probability of 95 % intervals.
const ALPHA: f64 = 0.025;

/// A number with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct JudgeEstimate {
    /// The number.
    pub value: f64,
    /// The ends of the interval.
    pub interval: [f64; 2],
    /// The number of observations.
    pub n: u64,
    /// The number of clusters that are independent of each other.
    pub clusters: u64,
    /// How the interval was made.
    pub method: String,
}

impl JudgeEstimate {
    /// Returns whether a number lies outside the interval.
    pub fn excludes(&self, number: f64) -> bool {
        number < self.interval[0] || number > self.interval[1]
    }
}

/// Estimates the mean of differences of scores that lie between two ends, from pairs of scores; pairs of one cluster are not
/// independent.
///
/// The interval is that of comparisons of runs: cluster-robust, t, or betting where all differences are equal.
///
/// # Errors
/// [`StatsError`] below two pairs, and where a score lies outside the range.
pub fn mean_difference(
    pairs: &[(f64, f64)],
    clusters: &[usize],
    (low, high): (f64, f64),
) -> Result<JudgeEstimate, StatsError> {
    let design = Design {
        alpha: ALPHA,
        margin: high - low,
        range: ScoreRange::Bounded { low, high },
        direction: Direction::HigherIsBetter,
        target_power: 0.8,
    };
    let before: Vec<f64> = pairs.iter().map(|(before, _)| *before).collect();
    let after: Vec<f64> = pairs.iter().map(|(_, after)| *after).collect();
    let found = compare_paired(&before, &after, Some(clusters), &design)?;
    let method = match found.method {
        IntervalMethod::PairedT => "t",
        IntervalMethod::ClusterRobust => "cluster-robust",
        IntervalMethod::Tango => "tango",
        IntervalMethod::Betting => "betting",
        IntervalMethod::Welch => "welch",
        IntervalMethod::MiettinenNurminen => "miettinen-nurminen",
    };
    Ok(JudgeEstimate {
        value: found.estimate,
        interval: [found.ci.low, found.ci.high],
        n: count(found.n),
        clusters: count(found.clusters),
        method: method.to_owned(),
    })
}

/// Estimates a mean of shares from 0 to 1, such as a win rate in which a tie is one half.
///
/// # Errors
/// As [`mean_difference`].
pub fn mean_share(shares: &[f64], clusters: &[usize]) -> Result<JudgeEstimate, StatsError> {
    let pairs: Vec<(f64, f64)> = shares.iter().map(|share| (0.5, *share)).collect();
    let mut estimate = mean_difference(&pairs, clusters, (0.0, 1.0))?;
    for number in std::iter::once(&mut estimate.value).chain(&mut estimate.interval) {
        *number = (*number + 0.5).clamp(0.0, 1.0);
    }
    Ok(estimate)
}

/// Estimates how often something happens: by Wilson's interval where all observations are independent, else by the exact one for
/// the number of independent observations that they are worth.
///
/// # Errors
/// [`StatsError::TooFew`] without an observation.
pub fn share_of(hits: &[bool], clusters: &[usize]) -> Result<JudgeEstimate, StatsError> {
    let n = count(hits.len());
    let k = count(hits.iter().filter(|hit| **hit).count());
    let mut known = clusters.to_vec();
    known.sort_unstable();
    known.dedup();
    let groups = count(known.len());
    let (interval, method) = if groups == n || groups < 2 {
        (binomial_interval(k, n, Level::P95, BinomialMethod::Wilson)?, "wilson")
    } else {
        let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
        let robust = cluster_robust_mean(&values, clusters, Level::P95)?;
        // Where all hit or none, nothing tells how alike a cluster is, so that each counts once.
        let worth = robust.n_eff.unwrap_or(float(groups)).clamp(1.0, float(n));
        let hits = robust.mean * worth;
        (effective_rate_interval(hits.clamp(0.0, worth), worth, Level::P95)?, "korn-graubard")
    };
    Ok(JudgeEstimate {
        value: float(k) / float(n),
        interval: [interval.low, interval.high],
        n,
        clusters: groups,
        method: method.to_owned(),
    })
}

/// Returns the two-sided p-value of the sign test; values of one cluster are added first, so that each counts once.
pub(crate) fn sign_p(values: &[f64], clusters: &[usize]) -> f64 {
    let mut sums = std::collections::BTreeMap::<usize, f64>::new();
    for (value, cluster) in values.iter().zip(clusters) {
        *sums.entry(*cluster).or_default() += value;
    }
    let positive = count(sums.values().filter(|sum| **sum > 0.0).count());
    let negative = count(sums.values().filter(|sum| **sum < 0.0).count());
    sign_test(positive, negative, 0.5).map_or(1.0, |test| test.p_two_sided)
}

/// Returns a length as a count.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Returns a count as a float; counts of answers stay far below 2^32.
pub(crate) fn float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_differences_have_an_interval_all_the_same() {
        let clusters: Vec<usize> = (0..10).collect();
        let none = mean_difference(&[(3.0, 3.0); 10], &clusters, (1.0, 5.0)).unwrap();
        assert!(none.value.abs() < 1e-12 && !none.excludes(0.0) && none.interval[1] > 0.1);
        let clusters: Vec<usize> = (0..40).collect();
        let risen = mean_difference(&[(3.0, 5.0); 40], &clusters, (1.0, 5.0)).unwrap();
        assert!(risen.excludes(0.0), "{risen:?}");
    }

    #[test]
    fn a_share_of_clusters_is_less_certain() {
        let hits: Vec<bool> = (0..40).map(|it| it < 20).collect();
        let alone: Vec<usize> = (0..40).collect();
        let groups: Vec<usize> = (0..40).map(|it| it / 10).collect();
        let width = |it: &JudgeEstimate| it.interval[1] - it.interval[0];
        let (alone, groups) = (share_of(&hits, &alone).unwrap(), share_of(&hits, &groups).unwrap());
        assert!(width(&groups) > 1.5 * width(&alone), "{alone:?} {groups:?}");
        let all = share_of(&[true; 40], &(0..40).map(|it| it / 10).collect::<Vec<_>>()).unwrap();
        assert!(all.interval[0] < 0.5 && all.clusters == 4, "{all:?}");
    }

    #[test]
    fn values_of_one_cluster_have_one_sign() {
        assert!(sign_p(&[1.0; 10], &(0..10).collect::<Vec<_>>()) < 0.01);
        assert!(sign_p(&[1.0; 10], &[0; 10]) > 0.99);
        assert!((sign_p(&[0.0; 3], &[0, 1, 2]) - 1.0).abs() < 1e-12);
    }
}
