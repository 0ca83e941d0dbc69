//! A mean of all judged items, corrected by labels of some that were drawn with known probabilities.

use serde::Serialize;

use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample, finite_interval};
use crate::special::t_upper_quantile;
use crate::{Interval, Level, StatsError};

/// Labelled items.
#[derive(Clone, Copy, Debug)]
pub struct DrawnLabels<'a> {
    /// The labels.
    pub labels: &'a [f64],
    /// The judge's scores of the same items.
    pub judged: &'a [f64],
    /// The probabilities with which the items were drawn.
    pub probabilities: &'a [f64],
    /// Items of one cluster are not independent.
    pub clusters: &'a [usize],
}

/// A mean of all judged items, corrected by labels of some.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DrawnMean {
    /// The estimate.
    pub estimate: f64,
    /// Its t interval.
    pub ci: Interval,
    /// The degrees of freedom.
    pub df: f64,
    /// The weight of the judge, from 0 (the labels alone) to 1.
    pub lambda: f64,
    /// The number of equally weighted independent labels that theirs are worth.
    pub n_eff: f64,
}

/// Returns the mean of the labels that all items would have: `lambda` times the judge's mean of all items, plus the mean of what
/// the labels differ from `lambda` times the judge's score, each label weighing `1 / probability`.
///
/// The difference estimator of Särndal, Swensson and Wretman (1992), "Model Assisted Survey Sampling", section 6.3, with Hájek's
/// weights (their section 5.7); Zrnic and Candès (2024), "Active statistical inference", section 3, for its use with judges. The
/// weight of the judge is the weighted slope of labels on scores within `[0, 1]`, which leaves the least variance. The variance is
/// that of drawing clusters with replacement, which errs to the safe side, plus that of the items themselves; the degrees of freedom
/// are Kish's effective number of clusters less two.
///
/// # Errors
/// [`StatsError::TooFew`] for labels worth no more than two, [`StatsError::Unequal`] for series of different length,
/// [`StatsError::NotFinite`] for a NaN or infinite number, [`StatsError::OutOfDomain`] for a probability beside `(0, 1]` and for
/// numbers whose squares leave the range of f64, and [`StatsError::Degenerate`] where nothing varies.
pub fn drawn_labels_mean(
    drawn: DrawnLabels<'_>,
    all: &[f64],
    all_clusters: &[usize],
    level: Level,
) -> Result<DrawnMean, StatsError> {
    let statistic = "mean of drawn labels";
    check(drawn, all, all_clusters)?;
    let inverse: Vec<f64> = drawn.probabilities.iter().map(|pi| 1.0 / pi).collect();
    let total: f64 = inverse.iter().sum();
    let weights: Vec<f64> = inverse.iter().map(|inverse| inverse / total).collect();
    let worth = worth(&weights, drawn.clusters);
    if worth <= 2.0 {
        return Err(StatsError::TooFew { statistic, needed: 3, got: 2 });
    }
    let weighted =
        |values: &[f64]| values.iter().zip(&weights).map(|(value, w)| value * w).sum::<f64>();
    let (label_mean, judge_mean) = (weighted(drawn.labels), weighted(drawn.judged));
    let pairs = || drawn.labels.iter().zip(drawn.judged).zip(&weights);
    let product = pairs()
        .map(|((label, judged), w)| w * (label - label_mean) * (judged - judge_mean))
        .sum::<f64>();
    let square = pairs().map(|((_, judged), w)| w * (judged - judge_mean).powi(2)).sum::<f64>();
    let lambda = if square > 0.0 { (product / square).clamp(0.0, 1.0) } else { 0.0 };
    let n = length_to_f64(all.len());
    let mean = all.iter().sum::<f64>() / n;
    let estimate = lambda * mean + (label_mean - lambda * judge_mean);
    let residuals = pairs()
        .map(|((label, judged), w)| w * ((label - label_mean) - lambda * (judged - judge_mean)));
    let of_labels = between_clusters(residuals, drawn.clusters);
    let items = all.iter().map(|value| lambda * (value - mean) / n);
    let of_items = between_clusters(items, all_clusters);
    // What the judge's weight leaves of the covariance, where it was cut to 1.
    let both = (2.0 * lambda * (product - lambda * square) / n).max(0.0);
    let variance = of_labels + of_items + both;
    if variance <= 0.0 || variance.is_nan() {
        let reason = "labels and scores agree in all that was labelled, so that no error is seen";
        return Err(StatsError::Degenerate { statistic, reason });
    }
    let df = worth - 2.0;
    let reach = t_upper_quantile(level.tail(), df) * variance.sqrt();
    let expected = "small enough for an interval around their mean";
    let ci = finite_interval(estimate - reach, estimate + reach)
        .ok_or(StatsError::OutOfDomain { argument: "labels", value: estimate, expected })?;
    Ok(DrawnMean { estimate, ci, df, lambda, n_eff: worth })
}

fn check(drawn: DrawnLabels<'_>, all: &[f64], all_clusters: &[usize]) -> Result<(), StatsError> {
    let statistic = "mean of drawn labels";
    let n = drawn.labels.len();
    check_lengths(("labels", n), ("judged", drawn.judged.len()))?;
    check_lengths(("labels", n), ("probabilities", drawn.probabilities.len()))?;
    check_lengths(("labels", n), ("clusters", drawn.clusters.len()))?;
    check_lengths(("all", all.len()), ("all_clusters", all_clusters.len()))?;
    check_sample(statistic, "labels", drawn.labels, 2)?;
    check_sample(statistic, "judged", drawn.judged, 2)?;
    check_sample(statistic, "probabilities", drawn.probabilities, 2)?;
    check_sample(statistic, "all", all, 2)?;
    match drawn.probabilities.iter().copied().find(|pi| !(*pi > 0.0 && *pi <= 1.0)) {
        Some(value) => {
            let (argument, expected) = ("probabilities", "above 0, at most 1");
            Err(StatsError::OutOfDomain { argument, value, expected })
        }
        None => Ok(()),
    }
}

/// Returns the sum of each cluster, in the order of the clusters' numbers.
fn cluster_sums(values: impl Iterator<Item = f64>, clusters: &[usize]) -> Vec<f64> {
    let mut sums = std::collections::BTreeMap::new();
    for (value, cluster) in values.zip(clusters) {
        *sums.entry(*cluster).or_insert(0.0) += value;
    }
    sums.into_values().collect()
}

/// Returns the number of equally weighted clusters that theirs are worth: Kish (1965), "Survey Sampling", section 11.7.
fn worth(weights: &[f64], clusters: &[usize]) -> f64 {
    let sums = cluster_sums(weights.iter().copied(), clusters);
    1.0 / sums.iter().map(|sum| sum * sum).sum::<f64>()
}

/// Returns the variance of a sum of centred terms, of which clusters are independent.
fn between_clusters(terms: impl Iterator<Item = f64>, clusters: &[usize]) -> f64 {
    let sums = cluster_sums(terms, clusters);
    let count = length_to_f64(sums.len());
    if count < 2.0 {
        return 0.0;
    }
    count / (count - 1.0) * sums.iter().map(|sum| sum * sum).sum::<f64>()
}
