//! The answers of a run with what people say of some of them.

use std::collections::BTreeMap;

use evalward_stats::calibration::DrawnLabels;

/// An answer with its score and, where people labelled it, what they say.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectedAnswer {
    /// Answers with one cluster are not independent of each other.
    pub cluster: String,
    /// The score.
    pub score: f64,
    /// Whether the score passed; absent where the metric only reports.
    pub passed: Option<bool>,
    /// What people say.
    pub label: Option<LabelledBy>,
}

/// What people say of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelledBy {
    /// Their rating on the scale of the scores; absent where they say yes or no.
    pub rating: Option<f64>,
    /// Whether they would pass it; absent where no threshold tells.
    pub is_good: Option<bool>,
    /// The probability with which it was drawn; absent where nobody knows.
    pub probability: Option<f64>,
}

/// Series of the answers that a figure is computed of: one number for the judge, one for people.
pub(super) struct Series {
    /// The judge's number of each answer.
    pub(super) all: Vec<f64>,
    pub(super) all_clusters: Vec<usize>,
    /// Those of the labelled answers, with people's.
    pub(super) labels: Vec<f64>,
    pub(super) judged: Vec<f64>,
    pub(super) probabilities: Vec<f64>,
    pub(super) clusters: Vec<usize>,
    /// The judge's numbers of the others.
    pub(super) unlabelled: Vec<f64>,
    /// Whether all labelled answers were equally likely, or nobody knows.
    pub(super) is_even: bool,
}

impl Series {
    /// Takes the answers that have a number of the judge; `people` gives the other one.
    pub(super) fn of(
        answers: &[CorrectedAnswer],
        judge: impl Fn(&CorrectedAnswer) -> Option<f64>,
        people: impl Fn(&LabelledBy) -> Option<f64>,
    ) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut series = Self {
            all: Vec::new(),
            all_clusters: Vec::new(),
            labels: Vec::new(),
            judged: Vec::new(),
            probabilities: Vec::new(),
            clusters: Vec::new(),
            unlabelled: Vec::new(),
            is_even: true,
        };
        let mut are_known = true;
        for answer in answers {
            let Some(score) = judge(answer) else { continue };
            let next = numbers.len();
            let cluster = *numbers.entry(&answer.cluster).or_insert(next);
            series.all.push(score);
            series.all_clusters.push(cluster);
            let label = answer.label.as_ref().and_then(|it| Some((people(it)?, it.probability)));
            let Some((label, probability)) = label else {
                series.unlabelled.push(score);
                continue;
            };
            are_known &= probability.is_some();
            series.labels.push(label);
            series.judged.push(score);
            series.probabilities.push(probability.unwrap_or(1.0));
            series.clusters.push(cluster);
        }
        if !are_known {
            // A part of the probabilities is as good as none.
            series.probabilities.fill(1.0);
        }
        let first = series.probabilities.first().copied().unwrap_or(1.0);
        series.is_even = series.probabilities.iter().all(|it| (it - first).abs() < 1e-9);
        series
    }

    pub(super) fn drawn(&self) -> DrawnLabels<'_> {
        DrawnLabels {
            labels: &self.labels,
            judged: &self.judged,
            probabilities: &self.probabilities,
            clusters: &self.clusters,
        }
    }

    /// Returns whether each answer stands for itself.
    pub(super) fn has_clusters(&self) -> bool {
        let most = self.all_clusters.iter().max().map_or(0, |last| last + 1);
        most < self.all_clusters.len()
    }
}
