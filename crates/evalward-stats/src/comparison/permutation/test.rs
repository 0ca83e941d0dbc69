//! What permutation tests are asked for and what they return.

use serde::Serialize;

use super::halves::Halves;
use super::lattice::Lattice;

/// Random permutations or resamples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// How many are drawn.
    pub resamples: u32,
    /// The seed of the generator.
    pub seed: u64,
}

/// Which permutations are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permutations {
    /// All of them.
    All,
    /// A sample.
    Sampled(Resampling),
    /// All of them where that takes no longer than the sample, else the sample.
    AllIfFew(Resampling),
}

/// How the p-values were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PermutationMethod {
    /// By counting all permutations.
    Exact,
    /// By a sample: `(hits + 1) / (resamples + 1)`.
    MonteCarlo,
}

/// A permutation test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PermutationTest {
    /// The share of permutations whose statistic is at most the one seen.
    pub p_less: f64,
    /// The share of permutations whose statistic is at least the one seen.
    pub p_greater: f64,
    /// The share of permutations whose statistic is at least as far from 0.
    pub p_abs: f64,
    /// Twice the smaller one-sided p-value, at most 1.
    pub p_doubled: f64,
    /// The statistic: a mean, or a difference of two.
    pub statistic: f64,
    /// The number of all permutations; `None` where it leaves the range of `f64`.
    pub n_permutations: Option<f64>,
    /// How the p-values were found.
    pub method: PermutationMethod,
}

/// The p-values of a permutation test.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub(super) less: f64,
    pub(super) greater: f64,
    pub(super) abs: f64,
    pub(super) method: PermutationMethod,
}

impl Shares {
    /// Reads the p-values of the statistic `seen` off the distribution of all permutations.
    pub(super) fn exact(distribution: &Exact, seen: i64, tolerance: i64) -> Self {
        let far = seen.abs() - tolerance;
        let abs =
            if far <= 0 { 1.0 } else { distribution.at_least(far) + distribution.at_most(-far) };
        Self {
            less: distribution.at_most(seen + tolerance).min(1.0),
            greater: distribution.at_least(seen - tolerance).min(1.0),
            abs: abs.min(1.0),
            method: PermutationMethod::Exact,
        }
    }

    pub(super) fn into_test(self, statistic: f64, n_permutations: f64) -> PermutationTest {
        PermutationTest {
            p_less: self.less,
            p_greater: self.greater,
            p_abs: self.abs,
            p_doubled: (2.0 * self.less.min(self.greater)).min(1.0),
            statistic,
            n_permutations: n_permutations.is_finite().then_some(n_permutations),
            method: self.method,
        }
    }
}

/// Counts how many sampled statistics are as extreme as the one seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hits {
    seen: f64,
    tolerance: f64,
    less: u32,
    greater: u32,
    abs: u32,
}

impl Hits {
    /// Starts counting; statistics that differ by rounding, at most 1e-12 of `size`, are tied.
    pub(super) fn new(seen: f64, size: f64) -> Self {
        Self { seen, tolerance: 1e-12 * size, less: 0, greater: 0, abs: 0 }
    }

    pub(super) fn add(&mut self, statistic: f64) {
        self.less += u32::from(statistic <= self.seen + self.tolerance);
        self.greater += u32::from(statistic >= self.seen - self.tolerance);
        self.abs += u32::from(statistic.abs() >= self.seen.abs() - self.tolerance);
    }

    /// Phipson and Smyth (2010), "Permutation p-values should never be zero", SAGMB 9, section 4: the permutation seen is one of
    /// the sample.
    pub(super) fn shares(self, resamples: u32) -> Shares {
        let share = |hits: u32| (f64::from(hits) + 1.0) / (f64::from(resamples) + 1.0);
        Shares {
            less: share(self.less),
            greater: share(self.greater),
            abs: share(self.abs),
            method: PermutationMethod::MonteCarlo,
        }
    }
}

/// The distribution of a statistic over all permutations, in whole units.
pub(super) enum Exact {
    /// A probability for each value.
    Lattice(Lattice),
    /// The values themselves, in two halves.
    Halves(Halves),
}

impl Exact {
    fn at_least(&self, bound: i64) -> f64 {
        match self {
            Self::Lattice(lattice) => lattice.at_least(bound),
            Self::Halves(halves) => halves.at_least(bound),
        }
    }

    fn at_most(&self, bound: i64) -> f64 {
        match self {
            Self::Lattice(lattice) => lattice.at_most(bound),
            Self::Halves(halves) => halves.at_most(bound),
        }
    }
}

/// Returns the mean as statistics packages compute it, by pairwise summation: Higham (1993), "The accuracy of floating point
/// summation", SIAM Journal on Scientific Computing 14, section 3.
pub(super) fn plain_mean(sample: &[f64]) -> f64 {
    let n = crate::convert::length_to_f64(sample.len());
    let mean = pairwise_sum(sample) / n;
    if mean.is_finite() {
        return mean;
    }
    let parts: Vec<f64> = sample.iter().map(|value| value / n).collect();
    pairwise_sum(&parts)
}

fn pairwise_sum(values: &[f64]) -> f64 {
    if values.len() > 128 {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % 8);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let (chunks, rest) = values.as_chunks::<8>();
    let Some((first, chunks)) = chunks.split_first() else { return rest.iter().sum() };
    let mut lanes = *first;
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    let sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    rest.iter().fold(sum, |sum, value| sum + value)
}
