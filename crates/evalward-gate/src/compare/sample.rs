//! From pairs of examples to slices of numbers.

use std::collections::BTreeMap;

use evalward_core::{ExampleId, Finite, Partition, Scale};
use evalward_stats::verdict::ScoreRange;

use super::pairing::Pair;
use super::{SubjectOfMetric, WorstCase};
use crate::numbers::{finite, float};
use crate::{ExampleScores, RunScores};

/// What one side of a pair has to tell about a metric.
#[derive(Clone, Copy, Debug)]
struct Reading {
    n: u32,
    mean: f64,
    errored: u32,
}

/// The paired scores of a metric in a partition.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    pub(crate) baseline: Vec<f64>,
    pub(crate) candidate: Vec<f64>,
    /// The cluster of each pair; empty where no example has one.
    pub(crate) clusters: Vec<usize>,
    /// Pairs scored on one side only.
    pub(crate) one_sided: u64,
    /// Pairs in which at least one trial of one side errored.
    pub(crate) errored: u64,
    pub(crate) trials: [u64; 2],
    /// Whether some example was tried more than once.
    repeated: bool,
    bounds: [f64; 2],
    bounded: u64,
}

impl Reading {
    fn of(example: &ExampleScores, what: &SubjectOfMetric) -> Self {
        match what {
            SubjectOfMetric::PassRate => {
                let n = example.evaluated();
                let mean = if n == 0 { 0.0 } else { f64::from(example.passed) / f64::from(n) };
                Self { n, mean, errored: example.errored }
            }
            SubjectOfMetric::Metric(id) => {
                let scores = example.metrics.get(id);
                let n = scores.map_or(0, |scores| scores.n);
                let errored = scores.map_or(0, |scores| scores.errored);
                // Where the subject gave no answer, no metric has a cell at all.
                let unanswered = example
                    .errored
                    .saturating_sub(errored)
                    .min(example.trials().saturating_sub(n + errored));
                let mean = scores.map_or(0.0, |scores| scores.mean.get());
                Self { n, mean, errored: errored + unanswered }
            }
        }
    }

    /// Returns the mean, had every errored trial scored this.
    fn had_errored_scored(self, value: f64) -> f64 {
        let n = f64::from(self.n + self.errored);
        (self.mean * f64::from(self.n) + value * f64::from(self.errored)) / n
    }

    const fn is_absent(self) -> bool {
        self.n == 0 && self.errored == 0
    }
}

impl Sample {
    /// Takes the scores of a metric from the pairs of a partition.
    pub(crate) fn new(pairs: &[Pair<'_>], what: &SubjectOfMetric, scale: Scale) -> Self {
        let mut sample = Self::default();
        let mut clusters = Clusters::default();
        for pair in pairs {
            let baseline = Reading::of(pair.baseline, what);
            let candidate = Reading::of(pair.candidate, what);
            match (baseline.is_absent(), candidate.is_absent()) {
                (true, true) => continue,
                (false, false) => {}
                _ => {
                    // One side skipped it; what the other side would have scored is beside the point.
                    sample.one_sided += u64::from(baseline.n + candidate.n > 0);
                    continue;
                }
            }
            sample.errored += u64::from(baseline.errored + candidate.errored > 0);
            sample.bound(baseline, candidate, scale);
            if baseline.n > 0 && candidate.n > 0 {
                sample.baseline.push(baseline.mean);
                sample.candidate.push(candidate.mean);
                sample.trials[0] += u64::from(baseline.n);
                sample.trials[1] += u64::from(candidate.n);
                sample.repeated |= baseline.n > 1 || candidate.n > 1;
                clusters.push(pair.id, pair.candidate.cluster.as_deref());
            }
        }
        sample.clusters = clusters.finish();
        sample
    }

    fn bound(&mut self, baseline: Reading, candidate: Reading, scale: Scale) {
        let (Some(min), Some(max)) = (scale.min, scale.max) else { return };
        let (worst, best) = if scale.lower_is_better { (max, min) } else { (min, max) };
        let sign = if scale.lower_is_better { -1.0 } else { 1.0 };
        let difference = |candidate_as: Finite, baseline_as: Finite| {
            sign * (candidate.had_errored_scored(candidate_as.get())
                - baseline.had_errored_scored(baseline_as.get()))
        };
        self.bounded += 1;
        self.bounds[0] += difference(worst, best);
        self.bounds[1] += difference(best, worst);
    }

    /// Returns the bounds of the difference whatever the errored examples would have scored.
    pub(crate) fn worst_case(&self) -> Option<WorstCase> {
        if self.errored == 0 || self.bounded == 0 {
            return None;
        }
        let of = |bound: f64| finite(bound / float(self.bounded));
        let [low, high] = self.bounds;
        Some(WorstCase { errored: self.errored, low: of(low)?, high: of(high)? })
    }

    /// Returns what values the scores can take, as a comparison must know it.
    pub(crate) fn range(&self, scale: Scale) -> ScoreRange {
        let (Some(min), Some(max)) = (scale.min, scale.max) else { return ScoreRange::Real };
        let (low, high) = (min.get(), max.get());
        let all = |test: fn(f64) -> bool| {
            self.baseline.iter().chain(&self.candidate).all(|value| test(*value))
        };
        let zero_or_one =
            |value: f64| Finite::new(value).is_ok_and(|it| it == Finite::ZERO || it == Finite::ONE);
        if !self.repeated && (min, max) == (Finite::ZERO, Finite::ONE) && all(zero_or_one) {
            ScoreRange::Binary
        } else if high - low >= 2.0 && all(|value| value.fract().abs() < f64::EPSILON) {
            ScoreRange::Ordinal { low, high }
        } else {
            ScoreRange::Bounded { low, high }
        }
    }

    /// Takes all scores of a metric in a partition from each side, paired or not.
    pub(crate) fn unpaired(
        [baseline, candidate]: [&RunScores; 2],
        partition: Partition,
        what: &SubjectOfMetric,
    ) -> Self {
        let read = |scores: &RunScores| -> (Vec<f64>, u64) {
            let readings = scores
                .examples
                .values()
                .filter(|example| example.partition == partition)
                .map(|example| Reading::of(example, what))
                .filter(|reading| reading.n > 0);
            let (mut means, mut trials) = (Vec::new(), 0);
            for reading in readings {
                means.push(reading.mean);
                trials += u64::from(reading.n);
            }
            (means, trials)
        };
        let ((baseline, before), (candidate, after)) = (read(baseline), read(candidate));
        Self { baseline, candidate, trials: [before, after], ..Self::default() }
    }

    /// Returns whether there is nothing to tell about the metric in this partition.
    pub(crate) fn is_empty(&self) -> bool {
        self.baseline.is_empty()
            && self.candidate.is_empty()
            && self.errored == 0
            && self.one_sided == 0
    }
}

/// Numbers clusters; an example without one is in that of its own id, as what was made of it is.
#[derive(Default)]
struct Clusters<'a> {
    numbers: Vec<usize>,
    named: BTreeMap<&'a str, usize>,
    are_declared: bool,
}

impl<'a> Clusters<'a> {
    fn push(&mut self, id: &'a ExampleId, name: Option<&'a str>) {
        self.are_declared |= name.is_some();
        let next = self.named.len();
        self.numbers.push(*self.named.entry(name.unwrap_or(id.as_str())).or_insert(next));
    }

    fn finish(self) -> Vec<usize> {
        if self.are_declared { self.numbers } else { Vec::new() }
    }
}
