//! The figures of a confusion matrix.

use crate::numbers::{float, ratio};

/// A confusion matrix by the places of its labels; only cells that are not 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    /// The number of labels.
    pub(super) size: usize,
    /// The right label, the one that was given, and how often.
    pub(super) cells: Vec<(usize, Option<usize>, u64)>,
}

/// The sums of a confusion matrix.
#[derive(Clone, Debug)]
pub(super) struct Margins {
    pub(super) n: u64,
    pub(super) right: Vec<u64>,
    pub(super) support: Vec<u64>,
    pub(super) predicted: Vec<u64>,
    pub(super) without_label: u64,
}

/// Precision, recall and F1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Three {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
}

/// The figures of a confusion matrix, defined as in scikit-learn with `zero_division=0`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) balanced_accuracy: f64,
    pub(super) by_label: Three,
    pub(super) by_score: Three,
    pub(super) by_support: Three,
    pub(super) kappa: Option<f64>,
    pub(super) mcc: f64,
}

impl Matrix {
    /// Adds up the matrix, with other counts in place of its own.
    pub(super) fn margins(&self, counts: &[u64]) -> Margins {
        let zeros = || vec![0; self.size];
        let mut sums = Margins {
            n: 0,
            right: zeros(),
            support: zeros(),
            predicted: zeros(),
            without_label: 0,
        };
        for ((expected, predicted, _), count) in self.cells.iter().zip(counts) {
            sums.n += count;
            sums.support[*expected] += count;
            match predicted {
                Some(predicted) => sums.predicted[*predicted] += count,
                None => sums.without_label += count,
            }
            if *predicted == Some(*expected) {
                sums.right[*expected] += count;
            }
        }
        sums
    }
}

impl Margins {
    /// Returns the number of right labels.
    pub(super) fn all_right(&self) -> u64 {
        self.right.iter().sum()
    }

    /// Returns precision, recall and F1 of a label.
    pub(super) fn of_label(&self, label: usize) -> Three {
        three(self.right[label], self.predicted[label], self.support[label])
    }

    /// Computes all figures; the matrix is not empty.
    pub(super) fn figures(&self) -> Figures {
        let occurs = |label: &usize| self.support[*label] + self.predicted[*label] > 0;
        let labels: Vec<usize> = (0..self.support.len()).filter(occurs).collect();
        let mut sum = Three::default();
        let mut weighted = Three::default();
        let mut recalls = (0.0, 0_u64);
        for label in &labels {
            let of_label = self.of_label(*label);
            sum.add(of_label, 1.0);
            weighted.add(of_label, float(self.support[*label]));
            if self.support[*label] > 0 {
                recalls = (recalls.0 + of_label.recall, recalls.1 + 1);
            }
        }
        let (predicted, n) = (self.n - self.without_label, float(self.n));
        Figures {
            balanced_accuracy: recalls.0 / float(recalls.1),
            by_label: sum.over(labels.iter().map(|_| 1.0).sum()),
            by_score: three(self.all_right(), predicted, self.n),
            by_support: weighted.over(n),
            kappa: self.kappa(),
            mcc: self.mcc(),
        }
    }

    /// Returns the sum over labels of how often each is right times how often it was given.
    fn cross(&self) -> f64 {
        self.support.iter().zip(&self.predicted).map(|(a, b)| float(*a) * float(*b)).sum()
    }

    /// Cohen (1960), "A coefficient of agreement for nominal scales", equation (1).
    fn kappa(&self) -> Option<f64> {
        let n = float(self.n);
        let by_chance = self.cross() / (n * n);
        let spare = 1.0 - by_chance;
        (spare > 0.0).then(|| (ratio(self.all_right(), self.n) - by_chance) / spare)
    }

    /// Gorodkin (2004), "Comparing two K-category assignments by a K-category correlation coefficient", equation (8).
    fn mcc(&self) -> f64 {
        let n = float(self.n);
        let squares = |counts: &[u64]| counts.iter().map(|it| float(*it) * float(*it)).sum::<f64>();
        let none = float(self.without_label);
        let of_predicted = n * n - squares(&self.predicted) - none * none;
        let of_support = n * n - squares(&self.support);
        let spread = (of_predicted * of_support).sqrt();
        if spread > 0.0 { (float(self.all_right()) * n - self.cross()) / spread } else { 0.0 }
    }
}

impl Three {
    fn add(&mut self, other: Self, weight: f64) {
        self.precision += other.precision * weight;
        self.recall += other.recall * weight;
        self.f1 += other.f1 * weight;
    }

    fn over(self, whole: f64) -> Self {
        Self { precision: self.precision / whole, recall: self.recall / whole, f1: self.f1 / whole }
    }
}

fn three(right: u64, predicted: u64, support: u64) -> Three {
    let share = |whole: u64| if whole == 0 { 0.0 } else { ratio(right, whole) };
    let both = predicted + support;
    let f1 = if both == 0 { 0.0 } else { ratio(2 * right, both) };
    Three { precision: share(predicted), recall: share(support), f1 }
}
