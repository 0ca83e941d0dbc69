//! The variance of the difference of two runs, from what runs there are.

use std::collections::BTreeMap;

use evalward_core::{Partition, Scale};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compare::SubjectOfMetric;
use crate::numbers::{count, float};
use crate::{ExampleScores, RunScores};

/// What the variance of a difference is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The differences of two runs, example by example.
    TwoRuns,
    /// The repeats of one run: for a change that moves every example alike.
    Repeats,
    /// The scores of one run without repeats, as if the two runs had nothing in common: an upper bound.
    OneRun,
    /// Nothing varied, so at most as much as three examples in all would: an upper bound.
    NothingVaried,
}

/// The variance of the difference of two runs, for one example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Variance {
    pub(crate) n: u64,
    pub(crate) clusters: u64,
    /// Of the difference, with as many trials on each side as the runs have.
    pub(crate) difference: f64,
    /// Between trials of one example, where it is known.
    pub(crate) within: Option<f64>,
    /// The number of trials of an example in a run.
    pub(crate) trials: f64,
    pub(crate) basis: Basis,
}

impl Variance {
    /// Returns the number of independent units: clusters, where the variance between examples was seen through them.
    pub(crate) const fn units(&self) -> u64 {
        match self.basis {
            Basis::TwoRuns | Basis::OneRun => self.clusters,
            Basis::Repeats | Basis::NothingVaried => self.n,
        }
    }
}

/// What one run says about a metric on one example.
#[derive(Clone, Copy, Debug)]
struct Reading {
    mean: f64,
    n: u32,
    /// The unbiased variance between its trials.
    within: Option<f64>,
}

impl Reading {
    fn of(example: &ExampleScores, what: &SubjectOfMetric) -> Option<Self> {
        let (n, mean, squares) = match what {
            SubjectOfMetric::PassRate => {
                let n = example.evaluated();
                let p = f64::from(example.passed) / f64::from(n.max(1));
                (n, p, f64::from(n) * p * (1.0 - p))
            }
            SubjectOfMetric::Metric(id) => {
                let scores = example.metrics.get(id)?;
                (scores.n, scores.mean.get(), scores.squares.get())
            }
        };
        let within = (n > 1).then(|| squares / f64::from(n - 1));
        (n > 0).then_some(Self { mean, n, within })
    }
}

/// Returns the variance of a difference; `None` where fewer than two examples have a score.
pub(crate) fn variance(
    first: &RunScores,
    second: Option<&RunScores>,
    what: &SubjectOfMetric,
    partition: Partition,
    scale: Scale,
) -> Option<Variance> {
    let mut values = Vec::new();
    let mut readings = Vec::new();
    for (id, example) in first.examples.iter().filter(|(_, it)| it.partition == partition) {
        let cluster = example.cluster.as_deref().unwrap_or(id.as_str());
        let Some(before) = Reading::of(example, what) else { continue };
        match second {
            None => values.push((before.mean, cluster)),
            Some(second) => {
                let Some(other) = second.examples.get(id) else { continue };
                let Some(after) = Reading::of(other, what).filter(|_| other.hash == example.hash)
                else {
                    continue;
                };
                values.push((after.mean - before.mean, cluster));
                readings.push(after);
            }
        }
        readings.push(before);
    }
    if values.len() < 2 {
        return None;
    }
    let n = count(values.len());
    let (spread, clusters) = robust_variance(&values);
    let within: Vec<f64> = readings.iter().filter_map(|it| it.within).collect();
    let within = mean(&within);
    let trials =
        readings.iter().map(|it| f64::from(it.n)).sum::<f64>() / float(count(readings.len()));
    let (basis, difference) = match (second, within) {
        (Some(_), _) => (Basis::TwoRuns, spread),
        (None, Some(within)) => (Basis::Repeats, 2.0 * within / trials),
        (None, None) => (Basis::OneRun, 2.0 * spread),
    };
    if difference > 0.0 {
        return Some(Variance { n, clusters, difference, within, trials, basis });
    }
    let range = scale.max?.get() - scale.min?.get();
    let difference = 3.0 * range * range / float(n);
    Some(Variance { n, clusters, difference, within, trials, basis: Basis::NothingVaried })
}

/// Returns n times the variance of the mean, by the sums of clusters (CR1), and the number of clusters.
fn robust_variance(values: &[(f64, &str)]) -> (f64, u64) {
    let n = float(count(values.len()));
    let centre = values.iter().map(|(value, _)| value).sum::<f64>() / n;
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for (value, cluster) in values {
        *sums.entry(cluster).or_default() += value - centre;
    }
    let clusters = count(sums.len());
    let groups = float(clusters);
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    let correction = if clusters > 1 { groups / (groups - 1.0) } else { 1.0 };
    (squares * correction / n, clusters)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / float(count(values.len())))
}
