//! Observations by cluster.

use crate::StatsError;
use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample};

/// Labels may exceed the number of observations by this factor and still be used as indices.
const SPARSE: usize = 4;

/// The cluster of every observation, counted from 0 in the order of the labels.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// The cluster of each observation.
    pub(crate) of: Vec<usize>,
    /// The number of observations of each cluster; none is empty.
    pub(crate) sizes: Vec<f64>,
}

impl Groups {
    /// Checks values with their labels and numbers the clusters.
    pub(crate) fn of(
        statistic: &'static str,
        values: &[f64],
        labels: &[usize],
    ) -> Result<Self, StatsError> {
        check_lengths(("values", values.len()), ("clusters", labels.len()))?;
        check_sample(statistic, "values", values, 1)?;
        Ok(Self::numbered(labels))
    }

    /// Numbers the clusters, in time proportional to the labels where they are small.
    fn numbered(labels: &[usize]) -> Self {
        let largest = labels.iter().copied().max().unwrap_or(0);
        if largest / SPARSE > labels.len() {
            let mut known = labels.to_vec();
            known.sort_unstable();
            known.dedup();
            let index = |label: &usize| known.partition_point(|other| other < label);
            return Self::dense(labels.iter().map(index).collect(), known.len());
        }
        let mut index = vec![0_usize; largest + 1];
        for label in labels {
            index[*label] = 1;
        }
        let mut clusters = 0;
        for entry in &mut index {
            let is_used = *entry;
            *entry = clusters;
            clusters += is_used;
        }
        Self::dense(labels.iter().map(|label| index[*label]).collect(), clusters)
    }

    fn dense(of: Vec<usize>, clusters: usize) -> Self {
        let mut sizes = vec![0.0; clusters];
        for cluster in &of {
            sizes[*cluster] += 1.0;
        }
        Self { of, sizes }
    }

    /// Returns the number of clusters.
    pub(crate) fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Returns the number of observations.
    pub(crate) fn observations(&self) -> f64 {
        length_to_f64(self.of.len())
    }

    /// Returns the sum of the values of each cluster.
    pub(crate) fn sums(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sums = vec![(0.0_f64, 0.0_f64); self.len()];
        for (cluster, value) in self.of.iter().zip(values) {
            let (sum, lost) = &mut sums[*cluster];
            let next = *sum + value;
            *lost += if sum.abs() >= value.abs() {
                (*sum - next) + value
            } else {
                (value - next) + *sum
            };
            *sum = next;
        }
        sums.into_iter().map(|(sum, lost)| sum + lost).collect()
    }
}
