//! A threshold chosen from labelled scores, and how often it errs.

use std::collections::BTreeMap;

use crate::convert::count_to_f64;
use crate::intervals::effective_rate_interval;
use crate::sample::{check_lengths, check_sample};
use crate::sorting::order;
use crate::{Interval, Level, StatsError};

/// Scores with labels; those of one group are not independent of each other.
#[derive(Clone, Copy, Debug)]
pub struct LabelledScores<'a> {
    /// Whether each score belongs to a positive.
    pub labels: &'a [bool],
    /// The scores; larger ones speak for a positive.
    pub scores: &'a [f64],
    /// The group of each score.
    pub groups: &'a [usize],
    /// What each score weighs, above 0: one over the probability with which it was drawn; all the same where nothing is given.
    pub weights: Option<&'a [f64]>,
}

/// How a threshold is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ThresholdRule {
    /// The one with the largest F1; of equal ones the highest.
    BestF1,
    /// The lowest one at which the lower end of the precision's interval is at least this.
    Precision(f64),
}

/// A rate with its exact interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupedRate {
    /// The observed rate.
    pub value: f64,
    /// The number of scores that it is taken over.
    pub n: u64,
    /// The number of independent scores that they are worth.
    pub effective_n: f64,
    /// The interval.
    pub interval: Interval,
}

/// What becomes of labelled scores where some of them pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassingOutcome {
    /// Positives that pass.
    pub true_positives: u64,
    /// Negatives that pass.
    pub false_positives: u64,
    /// Positives that do not pass.
    pub false_negatives: u64,
    /// Negatives that do not pass.
    pub true_negatives: u64,
    /// The share that passes.
    pub passing: Option<GroupedRate>,
    /// The share of positives among those that pass; absent where none does.
    pub precision: Option<GroupedRate>,
    /// The share of positives that pass; absent where there is no positive.
    pub recall: Option<GroupedRate>,
    /// The harmonic mean of precision and recall; absent where nothing is positive and nothing passes.
    pub f1: Option<GroupedRate>,
}

/// How a rule does on scores that it did not see.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidated {
    /// What became of each fold at the threshold that the others chose; without one nothing passes.
    pub outcome: PassingOutcome,
    /// The threshold that the scores outside each fold chose, where they chose one.
    pub thresholds: Vec<Option<f64>>,
}

/// Returns what becomes of labelled scores where those of at least `threshold` pass.
///
/// The intervals are Clopper-Pearson's; groups make `n` scores worth `n² / Σ m²` for groups of `m` (Kish 1965, "Survey Sampling",
/// section 8.2, for scores that agree within their groups). The interval of F1 is that of `F* = TP / (TP + FP + FN)`, a share of
/// those that are positive or pass, by `F1 = 2 F* / (1 + F*)`: Hand, Christen and Kirielle (2021), "F*: an interpretable
/// transformation of the F-measure", Machine Learning 110, equation (4).
///
/// With weights, each rate is Hájek's, `Σ w y / Σ w` (Särndal, Swensson and Wretman 1992, "Model Assisted Survey Sampling", equation
/// 5.7.4), of scores worth `(Σ w)² / Σ W²` with the sum `W` of the weights of each group (Kish 1965, section 11.7).
///
/// # Errors
/// [`StatsError::TooFew`] without scores, [`StatsError::Unequal`] unless each score has a label and a group, and
/// [`StatsError::NotFinite`] for a NaN or infinite score.
pub fn outcome_at(
    data: LabelledScores<'_>,
    threshold: f64,
    level: Level,
) -> Result<PassingOutcome, StatsError> {
    data.check()?;
    data.outcome(level, |index| data.scores[index] >= threshold)
}

/// Returns the threshold that a rule chooses among the scores; nothing where there is no positive, or none fits the rule.
///
/// # Errors
/// As [`outcome_at`]; [`StatsError::OutOfDomain`] for a precision that is not within `[0, 1]`.
pub fn choose_threshold(
    data: LabelledScores<'_>,
    rule: ThresholdRule,
    level: Level,
) -> Result<Option<f64>, StatsError> {
    data.check()?;
    rule.check()?;
    data.choose(rule, level, |_| true)
}

/// Chooses a threshold for each fold from the scores outside it, and returns what becomes of all folds together.
///
/// Stone (1974), "Cross-validatory choice and assessment of statistical predictions", JRSS B 36(2). The folds must not part a
/// group, or the estimate is too good. The intervals take the pooled counts for counts at one threshold.
///
/// # Errors
/// As [`choose_threshold`]; [`StatsError::Unequal`] unless each score has a fold.
pub fn cross_validate_threshold(
    data: LabelledScores<'_>,
    folds: &[usize],
    rule: ThresholdRule,
    level: Level,
) -> Result<CrossValidated, StatsError> {
    data.check()?;
    rule.check()?;
    check_lengths(("scores", data.scores.len()), ("folds", folds.len()))?;
    let mut chosen = BTreeMap::new();
    for fold in folds {
        if !chosen.contains_key(fold) {
            chosen.insert(*fold, data.choose(rule, level, |index| folds[index] != *fold)?);
        }
    }
    let outcome = data.outcome(level, |index| {
        let threshold = chosen.get(&folds[index]).copied().flatten();
        threshold.is_some_and(|threshold| data.scores[index] >= threshold)
    })?;
    Ok(CrossValidated { outcome, thresholds: chosen.into_values().collect() })
}

impl ThresholdRule {
    fn check(self) -> Result<(), StatsError> {
        match self {
            Self::Precision(value) if !(0.0..=1.0).contains(&value) => {
                let (argument, expected) = ("precision", "in [0, 1]");
                Err(StatsError::OutOfDomain { argument, value, expected })
            }
            Self::BestF1 | Self::Precision(_) => Ok(()),
        }
    }
}

impl LabelledScores<'_> {
    fn check(&self) -> Result<(), StatsError> {
        check_lengths(("labels", self.labels.len()), ("scores", self.scores.len()))?;
        check_lengths(("groups", self.groups.len()), ("scores", self.scores.len()))?;
        if let Some(weights) = self.weights {
            check_lengths(("weights", weights.len()), ("scores", self.scores.len()))?;
            check_sample("threshold", "weights", weights, 1)?;
            if let Some(value) = weights.iter().copied().find(|weight| *weight <= 0.0) {
                let (argument, expected) = ("weights", "above 0");
                return Err(StatsError::OutOfDomain { argument, value, expected });
            }
        }
        check_sample("threshold", "scores", self.scores, 1)
    }

    fn weight(&self, index: usize) -> f64 {
        self.weights.and_then(|weights| weights.get(index).copied()).unwrap_or(1.0)
    }

    fn outcome(
        &self,
        level: Level,
        passes: impl Fn(usize) -> bool,
    ) -> Result<PassingOutcome, StatsError> {
        let mut counts = [0_u64; 4];
        let [mut all, mut passing, mut positive, mut either] = [const { Kish::new() }; 4];
        let (mut weight_of_hits, mut weight_of_passing) = (0.0, 0.0);
        for (index, (label, group)) in self.labels.iter().zip(self.groups).enumerate() {
            let (passed, weight) = (passes(index), self.weight(index));
            weight_of_hits += if passed && *label { weight } else { 0.0 };
            weight_of_passing += if passed { weight } else { 0.0 };
            let [hits, false_alarms, misses, rest] = &mut counts;
            *match (passed, label) {
                (true, true) => hits,
                (true, false) => false_alarms,
                (false, true) => misses,
                (false, false) => rest,
            } += 1;
            all.add(*group, weight);
            if passed {
                passing.add(*group, weight);
            }
            if *label {
                positive.add(*group, weight);
            }
            if passed || *label {
                either.add(*group, weight);
            }
        }
        let [true_positives, false_positives, false_negatives, true_negatives] = counts;
        let f1 = |share: f64| 2.0 * share / (1.0 + share);
        Ok(PassingOutcome {
            true_positives,
            false_positives,
            false_negatives,
            true_negatives,
            passing: all.rate(weight_of_passing, level)?,
            precision: passing.rate(weight_of_hits, level)?,
            recall: positive.rate(weight_of_hits, level)?,
            f1: either.rate(weight_of_hits, level)?.map(|rate| GroupedRate {
                value: f1(rate.value),
                interval: Interval { low: f1(rate.interval.low), high: f1(rate.interval.high) },
                ..rate
            }),
        })
    }

    /// Walks down the scores that are in, and keeps the best threshold.
    fn choose(
        &self,
        rule: ThresholdRule,
        level: Level,
        is_in: impl Fn(usize) -> bool,
    ) -> Result<Option<f64>, StatsError> {
        let mut descending = order(self.scores);
        descending.reverse();
        descending.retain(|index| is_in(*index));
        let positives = descending.iter().filter(|index| self.labels[**index]);
        let positives: f64 = positives.map(|index| self.weight(*index)).sum();
        if positives <= 0.0 {
            return Ok(None);
        }
        let (mut passing, mut hits) = (Kish::new(), 0.0);
        let (mut best, mut chosen) = (0.0, None);
        for block in descending.chunk_by(|left, right| self.scores[*left] <= self.scores[*right]) {
            for index in block {
                passing.add(self.groups[*index], self.weight(*index));
                hits += if self.labels[*index] { self.weight(*index) } else { 0.0 };
            }
            let threshold = block.first().map(|index| self.scores[*index]);
            match rule {
                ThresholdRule::BestF1 => {
                    let f1 = 2.0 * hits / (passing.weight + positives);
                    if f1 > best {
                        (best, chosen) = (f1, threshold);
                    }
                }
                ThresholdRule::Precision(wanted) => {
                    // The lower end lies below the rate, and costs more to compute.
                    let may = hits >= wanted * passing.weight;
                    if may && passing.rate(hits, level)?.is_some_and(|it| it.interval.low >= wanted)
                    {
                        chosen = threshold;
                    }
                }
            }
        }
        Ok(chosen)
    }
}

/// Weighs scores by group, so that it is known how many independent ones of one weight they are worth.
struct Kish {
    sizes: BTreeMap<usize, f64>,
    n: u64,
    weight: f64,
    squares: f64,
}

impl Kish {
    const fn new() -> Self {
        Self { sizes: BTreeMap::new(), n: 0, weight: 0.0, squares: 0.0 }
    }

    fn add(&mut self, group: usize, weight: f64) {
        let size = self.sizes.entry(group).or_default();
        self.squares += (2.0 * *size + weight) * weight;
        *size += weight;
        self.weight += weight;
        self.n += 1;
    }

    fn rate(&self, successes: f64, level: Level) -> Result<Option<GroupedRate>, StatsError> {
        if self.n == 0 {
            return Ok(None);
        }
        // Sums of weights in another order may differ by rounding.
        let value = (successes / self.weight).min(1.0);
        let effective_n = (self.weight * self.weight / self.squares).min(count_to_f64(self.n));
        let is_plain = self.weights_are_one() && effective_n >= count_to_f64(self.n);
        let successes = if is_plain { successes } else { value * effective_n };
        let interval = effective_rate_interval(successes, effective_n, level)?;
        Ok(Some(GroupedRate { value, n: self.n, effective_n, interval }))
    }

    fn weights_are_one(&self) -> bool {
        (self.weight - count_to_f64(self.n)).abs() < 0.5e-9
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::roc;

    const LABELS: [bool; 8] = [true, true, true, false, true, false, false, false];
    const SCORES: [f64; 8] = [0.9, 0.8, 0.8, 0.8, 0.5, 0.4, 0.2, 0.2];
    const APART: [usize; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

    fn data(groups: &[usize]) -> LabelledScores<'_> {
        LabelledScores { labels: &LABELS, scores: &SCORES, groups, weights: None }
    }

    #[test]
    fn best_f1_is_that_of_the_curve() {
        let chosen = choose_threshold(data(&APART), ThresholdRule::BestF1, Level::P95).unwrap();
        let (point, f1) = roc(&LABELS, &SCORES).unwrap().best_f1().unwrap();
        assert_eq!(chosen, Some(point.threshold));
        let outcome = outcome_at(data(&APART), 0.5, Level::P95).unwrap();
        assert_eq!(chosen, Some(0.5));
        assert!((outcome.f1.unwrap().value - f1).abs() < 1e-12);
        assert_eq!((outcome.true_positives, outcome.false_positives), (4, 1));
        assert_eq!((outcome.false_negatives, outcome.true_negatives), (0, 3));
    }

    #[test]
    fn the_lowest_threshold_with_the_precision_is_chosen() {
        let at = |precision| {
            choose_threshold(data(&APART), ThresholdRule::Precision(precision), Level::P95).unwrap()
        };
        // Of five that pass four are positive; scipy 1.16: binomtest(4, 5).proportion_ci() is [0.2836, 0.9949].
        assert_eq!(at(0.28), Some(0.5));
        assert_eq!(at(0.29), None);
        assert_eq!(at(0.0), Some(0.2));
        assert!(choose_threshold(data(&APART), ThresholdRule::Precision(1.1), Level::P95).is_err());
    }

    #[test]
    fn groups_widen_every_interval() {
        let grouped = [0, 0, 1, 1, 2, 2, 3, 3];
        let apart = outcome_at(data(&APART), 0.5, Level::P95).unwrap();
        let together = outcome_at(data(&grouped), 0.5, Level::P95).unwrap();
        let rates = |it: PassingOutcome| [it.passing, it.precision, it.recall, it.f1];
        for (one, other) in rates(apart).into_iter().zip(rates(together)) {
            let (one, other) = (one.unwrap(), other.unwrap());
            assert!(one.interval.width() < other.interval.width(), "{one:?} {other:?}");
            assert!((one.value - other.value).abs() < 1e-12);
        }
    }

    #[test]
    fn a_weight_counts_as_so_many_scores() {
        // A score of weight 3 is as three of weight 1, but for what they are worth.
        let weights = [3.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0];
        let weighted = LabelledScores { weights: Some(&weights), ..data(&APART) };
        let found = outcome_at(weighted, 0.5, Level::P95).unwrap();
        let values = [found.passing, found.precision, found.recall, found.f1];
        let expected = [8.0 / 11.0, 7.0 / 8.0, 1.0, 14.0 / 15.0];
        for (found, expected) in values.into_iter().zip(expected) {
            assert!((found.unwrap().value - expected).abs() < 1e-12, "{found:?}");
        }
        // (3 + 1 + 1 + 1 + 2)² / (9 + 1 + 1 + 1 + 4).
        assert!((found.precision.unwrap().effective_n - 4.0).abs() < 1e-12);
        let even = [0.25; 8];
        let even = LabelledScores { weights: Some(&even), ..data(&APART) };
        let (one, other) =
            (outcome_at(even, 0.5, Level::P95), outcome_at(data(&APART), 0.5, Level::P95));
        let close = |one: GroupedRate, other: GroupedRate| {
            (one.interval.low - other.interval.low).abs() < 1e-9
                && (one.value - other.value).abs() < 1e-12
        };
        let (one, other) = (one.unwrap().f1.unwrap(), other.unwrap().f1.unwrap());
        assert!(close(one, other), "{one:?} {other:?}");
        // What is rare among the labels and frequent among all answers moves the best threshold.
        let frequent = [1.0, 1.0, 1.0, 50.0, 1.0, 1.0, 1.0, 1.0];
        let frequent = LabelledScores { weights: Some(&frequent), ..data(&APART) };
        let chosen = choose_threshold(frequent, ThresholdRule::BestF1, Level::P95).unwrap();
        assert_eq!(chosen, Some(0.9));
        let wrong = LabelledScores { weights: Some(&[0.0; 8]), ..data(&APART) };
        assert!(outcome_at(wrong, 0.5, Level::P95).is_err());
    }

    #[test]
    fn a_fold_is_judged_by_the_others() {
        let folds = [0, 0, 1, 0, 1, 1, 0, 1];
        let found =
            cross_validate_threshold(data(&APART), &folds, ThresholdRule::BestF1, Level::P95)
                .unwrap();
        assert_eq!(found.thresholds, [Some(0.5), Some(0.8)]);
        let outcome = found.outcome;
        assert_eq!((outcome.true_positives, outcome.false_positives), (3, 1));
        assert_eq!((outcome.false_negatives, outcome.true_negatives), (1, 3));
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let short =
            LabelledScores { labels: &[true], scores: &[0.1, 0.2], groups: &[0, 1], weights: None };
        assert!(outcome_at(short, 0.1, Level::P95).is_err());
        let nan =
            LabelledScores { labels: &[true], scores: &[f64::NAN], groups: &[0], weights: None };
        assert!(choose_threshold(nan, ThresholdRule::BestF1, Level::P95).is_err());
        let none = LabelledScores { labels: &[false], scores: &[0.5], groups: &[0], weights: None };
        assert_eq!(choose_threshold(none, ThresholdRule::BestF1, Level::P95), Ok(None));
    }
}
