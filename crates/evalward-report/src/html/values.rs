//! The scores of a run, kept for intervals and plots.

use std::collections::BTreeMap;

use evalward_core::{Finite, Measurement, Partition, Scale, Trial};
use evalward_stats::intervals::cluster_robust_mean;
use evalward_stats::{BinomialMethod, Interval, Level, binomial_interval};

/// The scores of a metric in a partition.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) scores: Vec<f64>,
    /// Whether each passed; absent where it only reports.
    pub(super) passed: Vec<Option<bool>>,
    clusters: Vec<usize>,
    pub(super) scale: Option<Scale>,
    /// The threshold, where all scores have the same.
    pub(super) threshold: Option<Finite>,
}

/// The scores of all metrics.
#[derive(Debug, Default)]
pub(super) struct AllValues {
    clusters: BTreeMap<String, usize>,
    pub(super) metrics: BTreeMap<(String, Partition), Values>,
}

impl AllValues {
    /// Takes in the scores of an example; fresh trials that confirm a failure count for the gate alone.
    pub(super) fn push(&mut self, trials: &[Trial]) {
        for trial in trials.iter().filter(|trial| !trial.confirms) {
            let cluster = trial.cluster.as_deref().unwrap_or(trial.example_id.as_str());
            let number = if let Some(number) = self.clusters.get(cluster) {
                *number
            } else {
                let number = self.clusters.len();
                self.clusters.insert(cluster.to_owned(), number);
                number
            };
            for (id, measurement) in &trial.scores {
                let Measurement::Score(score) = measurement else { continue };
                let values = self.metrics.entry((id.clone(), trial.partition)).or_default();
                let is_first = values.scores.is_empty();
                values.scores.push(score.value.get());
                values.passed.push(score.passed);
                values.clusters.push(number);
                values.scale = Some(score.scale);
                if is_first {
                    values.threshold = score.threshold;
                } else if values.threshold != score.threshold {
                    values.threshold = None;
                }
            }
        }
    }
}

impl Values {
    /// Returns the 95 % interval of the mean and what it is called; `None` where the scores say nothing about their spread.
    ///
    /// Scores of yes and no without clusters have Wilson's interval (Wilson 1927, "Probable inference"); others the t interval by
    /// the cluster-robust standard error CR2 (Bell and `McCaffrey` 2002), which takes answers of one cluster, and trials of one
    /// example, for dependent.
    pub(super) fn interval(&self) -> Option<(Interval, &'static str)> {
        let yes_or_no =
            self.scores.iter().all(|score| score.abs() < 1e-12 || (score - 1.0).abs() < 1e-12);
        let mut clusters = self.clusters.clone();
        clusters.sort_unstable();
        clusters.dedup();
        if yes_or_no && clusters.len() == self.clusters.len() {
            let n = u64::try_from(self.scores.len()).ok()?;
            let hits = self.scores.iter().filter(|score| **score > 0.5).count();
            let hits = u64::try_from(hits).ok()?;
            let interval = binomial_interval(hits, n, Level::P95, BinomialMethod::Wilson).ok()?;
            return Some((interval, "Wilson"));
        }
        let found = cluster_robust_mean(&self.scores, &self.clusters, Level::P95).ok()?;
        let interval = found.ci_cr2.filter(|it| it.high > it.low)?;
        Some((interval, "cluster-robust t"))
    }
}
