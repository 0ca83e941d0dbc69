//! The mean of observations that come in clusters.

use serde::Serialize;

use super::Groups;
use crate::convert::length_to_f64;
use crate::sample::{Spread, compensated_sum, finite, finite_interval, mean_of, power_of_two};
use crate::special::t_upper_quantile;
use crate::{Interval, Level, StatsError};

/// The share of the absolute deviations of a cluster below which their sum is taken for rounding.
const DUST: f64 = 1e-13;

/// The mean of clustered observations with the errors that are known for it; `None` where one is undefined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterRobustMean {
    /// The number of observations.
    pub n: usize,
    /// The number of clusters.
    pub n_clusters: usize,
    /// The mean of all observations.
    pub mean: f64,
    /// The standard error that takes the observations for independent.
    pub se_iid: Option<f64>,
    /// The cluster-robust standard error without correction (CR0).
    pub se_cr0: Option<f64>,
    /// CR0 times `sqrt(G / (G - 1))` (CR1).
    pub se_cr1: Option<f64>,
    /// The standard error that is unbiased where the observations are independent (CR2).
    pub se_cr2: Option<f64>,
    /// The degrees of freedom of CR1, `G - 1`.
    pub df: Option<usize>,
    /// Bell and `McCaffrey`'s degrees of freedom of CR2.
    pub df_cr2: Option<f64>,
    /// The t interval by CR1.
    pub ci_t: Option<Interval>,
    /// The t interval by CR2; the one to decide on.
    pub ci_cr2: Option<Interval>,
    /// The intraclass correlation by one-way analysis of variance.
    pub icc1: Option<f64>,
    /// The mean size of a cluster that the analysis of variance uses for unequal ones.
    pub n0: Option<f64>,
    /// The design effect `(se_cr1 / se_iid)²`.
    pub deff: Option<f64>,
    /// The number of independent observations that would say as much, `n / deff`.
    pub n_eff: Option<f64>,
}

/// The mean of clustered observations with its CR2 standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClusterMean {
    /// The mean of all observations.
    pub mean: f64,
    /// The CR2 standard error; 0 where no cluster deviates from the mean.
    pub se: f64,
    /// Bell and `McCaffrey`'s degrees of freedom.
    pub df: f64,
    /// The number of observations.
    pub n: usize,
    /// The number of clusters.
    pub clusters: usize,
}

/// Returns the mean of clustered observations with the CR2 standard error and Bell and `McCaffrey`'s degrees of freedom.
///
/// Bell and `McCaffrey` (2002), "Bias reduction in standard errors for linear regression with multi-stage samples", Survey
/// Methodology 28(2), equations (9) and (13), for a regression on the constant alone: the residuals of cluster `g` are scaled
/// by `(1 - n_g/n)^(-1/2)`, and the degrees of freedom are `tr(K)² / tr(K²)` with the matrix `K` of the quadratic form under
/// independence. Here `tr(K) = n`, and `tr(K²)` is a sum over clusters, so time and memory grow with `n + G` alone. With every
/// observation its own cluster it is the usual t on `n - 1` degrees of freedom. Clusters are assumed independent.
///
/// # Errors
/// [`StatsError::Unequal`] and [`StatsError::NotFinite`] for observations that are not a sample, [`StatsError::TooFew`] without
/// an observation or with fewer than two clusters, [`StatsError::OutOfDomain`] where the deviations overflow.
pub fn cluster_robust_mean_cr2(
    values: &[f64],
    clusters: &[usize],
) -> Result<ClusterMean, StatsError> {
    let groups = Groups::of("cluster-robust mean", values, clusters)?;
    let got = u64::try_from(groups.len()).unwrap_or(u64::MAX);
    if got < 2 {
        return Err(StatsError::TooFew { statistic: "clusters of a mean", needed: 2, got });
    }
    let sums = ClusterSums::of(values, &groups);
    let se = finite(sums.standard_error(&groups, cr2_weight)).ok_or(StatsError::OutOfDomain {
        argument: "values",
        value: sums.scale,
        expected: "within a range that f64 can hold",
    })?;
    let df = bell_mccaffrey(&groups);
    Ok(ClusterMean { mean: sums.mean, se, df, n: values.len(), clusters: groups.len() })
}

/// Returns the mean of clustered observations with its standard errors, its design effect and its intraclass correlation.
///
/// CR0 is the estimator of Miller (2024), "Adding Error Bars to Evals", equation (4); CR1 has the correction of a regression on
/// the constant alone; CR2 is that of [`cluster_robust_mean_cr2`]. The intraclass correlation is the analysis-of-variance
/// estimator of Donner (1986), "A review of inference procedures for the intraclass correlation coefficient in the one-way
/// random effects model", International Statistical Review 54(1), equation (2.1). Clusters are assumed independent.
///
/// # Errors
/// [`StatsError::Unequal`], [`StatsError::NotFinite`] and, without an observation, [`StatsError::TooFew`].
pub fn cluster_robust_mean(
    values: &[f64],
    clusters: &[usize],
    level: Level,
) -> Result<ClusterRobustMean, StatsError> {
    let groups = Groups::of("cluster-robust mean", values, clusters)?;
    let sums = ClusterSums::of(values, &groups);
    let spread = Spread::of(values);
    let g = length_to_f64(groups.len());
    let has_pair = groups.len() > 1;
    let among = |value: f64| if has_pair { finite(value) } else { None };
    let se_cr0 = sums.standard_error(&groups, |_| 1.0);
    let se_cr1 = among(se_cr0 * (g / (g - 1.0)).sqrt());
    let se_cr2 = among(sums.standard_error(&groups, cr2_weight));
    let df_cr2 = among(bell_mccaffrey(&groups));
    let around = |se: f64, df: f64| {
        let half = t_upper_quantile(level.tail(), df) * se;
        finite_interval(sums.mean - half, sums.mean + half)
    };
    let se_iid = finite(spread.standard_error());
    let deff = match (se_cr1, se_iid) {
        (Some(robust), Some(iid)) if !spread.is_constant() => finite((robust / iid).powi(2)),
        _ => None,
    };
    let (icc1, n0) = intraclass(values, &groups, &sums, spread.is_constant());
    Ok(ClusterRobustMean {
        n: values.len(),
        n_clusters: groups.len(),
        mean: sums.mean,
        se_iid,
        se_cr0: finite(se_cr0),
        se_cr1,
        se_cr2,
        df: has_pair.then(|| groups.len() - 1),
        df_cr2,
        ci_t: se_cr1.and_then(|se| around(se, g - 1.0)),
        ci_cr2: se_cr2.zip(df_cr2).and_then(|(se, df)| around(se, df)),
        icc1,
        n0,
        deff,
        n_eff: deff.and_then(|deff| finite(groups.observations() / deff)),
    })
}

/// The sums of the deviations from the mean, by cluster.
struct ClusterSums {
    mean: f64,
    /// What the true mean of the values is above `mean`, divided by `scale`.
    rest: f64,
    /// A power of two near the largest value.
    scale: f64,
    /// The sums of the deviations, each divided by `scale`.
    sums: Vec<f64>,
}

impl ClusterSums {
    fn of(values: &[f64], groups: &Groups) -> Self {
        let mean = mean_of(values);
        let largest = values.iter().fold(0.0, |most, value| f64::max(most, value.abs()));
        let scale = power_of_two(largest);
        let centre = mean / scale;
        let deviations = || values.iter().map(|value| value / scale - centre);
        let mut sums = groups.sums(deviations());
        // What rounding the mean to an f64 left over counts where the values are large and close together.
        let rest = compensated_sum(sums.iter().copied()) / groups.observations();
        for (sum, size) in sums.iter_mut().zip(&groups.sizes) {
            *sum -= rest * size;
        }
        if groups.len() < 2 {
            sums.fill(0.0);
        } else {
            let sizes = groups.sums(deviations().map(f64::abs));
            for (sum, size) in sums.iter_mut().zip(sizes) {
                if sum.abs() <= DUST * size {
                    *sum = 0.0;
                }
            }
        }
        Self { mean, rest, scale, sums }
    }

    /// Returns the standard error in which a cluster's square counts by the weight of its share of the observations.
    fn standard_error(&self, groups: &Groups, weight: impl Fn(f64) -> f64) -> f64 {
        let n = groups.observations();
        let squares: f64 = self
            .sums
            .iter()
            .zip(&groups.sizes)
            .map(|(sum, size)| sum * sum * weight(size / n))
            .sum();
        squares.sqrt() / n * self.scale
    }
}

/// Returns the weight of a cluster with this share of the observations in CR2.
fn cr2_weight(share: f64) -> f64 {
    1.0 / (1.0 - share)
}

/// Returns `tr(K)² / tr(K²)` for the mean: `n² / (sum n_g² + 2 sum over g < h of q_g q_h / n²)` with `q_g = n_g² / (1 - n_g/n)`.
fn bell_mccaffrey(groups: &Groups) -> f64 {
    let n = groups.observations();
    // In units of n: no size of sample overflows, and all terms are positive.
    let (mut squares, mut products, mut before) = (0.0, 0.0, 0.0);
    for size in &groups.sizes {
        let share = size / n;
        let q = share * size / (n - size);
        squares += share * share;
        products += q * before;
        before += q;
    }
    1.0 / (squares + 2.0 * products)
}

/// Returns the intraclass correlation and the mean size behind it.
fn intraclass(
    values: &[f64],
    groups: &Groups,
    sums: &ClusterSums,
    is_constant: bool,
) -> (Option<f64>, Option<f64>) {
    let (n, g) = (groups.observations(), length_to_f64(groups.len()));
    if groups.len() < 2 {
        return (None, None);
    }
    let n0 = (n - groups.sizes.iter().map(|size| size * size).sum::<f64>() / n) / (g - 1.0);
    if is_constant || groups.len() == values.len() {
        return (None, Some(n0));
    }
    let means: Vec<f64> =
        sums.sums.iter().zip(&groups.sizes).map(|(sum, size)| sum / size).collect();
    let between = means.iter().zip(&groups.sizes).map(|(mean, size)| size * mean * mean);
    let between = between.sum::<f64>() / (g - 1.0);
    let centre = sums.mean / sums.scale;
    let within = values.iter().zip(&groups.of).map(|(value, cluster)| {
        let deviation = value / sums.scale - centre - sums.rest - means[*cluster];
        deviation * deviation
    });
    let within = within.sum::<f64>() / (n - g);
    (finite((between - within) / (between + (n0 - 1.0) * within)), Some(n0))
}
