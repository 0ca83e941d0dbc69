//! From labels and scores to a threshold.

use std::collections::BTreeMap;

use evalward_core::{Finite, Rate, ScoreCell, Seed};
use evalward_stats::agreement::{correlation, spearman_interval};
use evalward_stats::calibration::{
    GroupedRate, LabelledScores, PassingOutcome, Roc, ThresholdRule, choose_threshold,
    cross_validate_threshold, outcome_at, roc,
};
use evalward_stats::{Level, StatsError};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;

use super::advice;
use super::calibration::{
    CalibrationFigures, CalibrationRule, CrossValidation, LabelCounts, LabelledAnswer,
    ThresholdFigures,
};
use super::rounding::shortest_between;
use crate::Estimate;
use crate::numbers::{count, finite, float};

/// The fewest labels of good answers, and of others, that a threshold is chosen from.
pub const MIN_OF_EACH: u64 = 10;

/// The number of folds.
const FOLDS: usize = 10;

/// The most rows of the table.
const ROWS: usize = 12;

/// How a metric is calibrated.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrateOptions {
    /// How the threshold is chosen.
    pub rule: CalibrationRule,
    /// Whether smaller scores are better.
    pub lower_is_better: bool,
    /// The thresholds that the suite has.
    pub suite_thresholds: Vec<Finite>,
    /// The number that the folds follow from.
    pub seed: u64,
}

/// Chooses a threshold, or says why there is none.
///
/// # Errors
/// [`StatsError`] where a number leaves the range of floats.
pub fn calibrate(
    answers: &[LabelledAnswer],
    options: &CalibrateOptions,
) -> Result<CalibrationFigures, StatsError> {
    let scored = Scored::of(answers, options.lower_is_better);
    let mut figures = CalibrationFigures {
        counts: counts(answers, &scored),
        lower_is_better: options.lower_is_better,
        weighted: scored.weights.is_some(),
        rule: options.rule,
        seed: options.seed,
        spearman: None,
        auc: None,
        threshold: None,
        message: None,
        hint: None,
        recommended: None,
        cross_validated: None,
        suite_thresholds: Vec::new(),
        table: Vec::new(),
    };
    if !scored.scores.is_empty() {
        let curve = roc(&scored.labels, &scored.scores)?;
        figures.spearman = scored.spearman()?;
        figures.auc = scored.auc(&curve);
        figures.table = scored.table(&curve)?;
        let mut own = options.suite_thresholds.clone();
        own.sort_unstable();
        own.dedup();
        for threshold in own {
            figures.suite_thresholds.push(scored.figures_at(scored.turned(threshold.get()))?);
        }
        scored.recommend(options, &mut figures)?;
    }
    if let Some((message, hint)) = advice::why_none(&figures) {
        figures.message = Some(message);
        figures.hint = hint;
        figures.threshold = None;
        figures.recommended = None;
        figures.cross_validated = None;
    }
    Ok(figures)
}

/// Returns the shares of bad and of good answers that pass at each threshold, from the strictest to the most lenient.
///
/// # Errors
/// As [`calibrate`].
pub fn roc_curve(
    answers: &[LabelledAnswer],
    lower_is_better: bool,
) -> Result<Vec<(f64, f64)>, StatsError> {
    let scored = Scored::of(answers, lower_is_better);
    let curve = roc(&scored.labels, &scored.scores)?;
    let share = |part: u64, whole: u64| float(part) / float(whole.max(1));
    let points = curve.points().iter().map(|point| {
        (
            share(point.false_positives, curve.negatives()),
            share(point.true_positives, curve.positives()),
        )
    });
    Ok(std::iter::once((0.0, 0.0)).chain(points).collect())
}

/// Returns one over each probability; nothing where one is not known, or where all are the same.
pub(super) fn weights(probabilities: impl IntoIterator<Item = Option<Rate>>) -> Option<Vec<f64>> {
    let known: Vec<f64> =
        probabilities.into_iter().map(|it| Some(it?.get())).collect::<Option<_>>()?;
    let first = known.first().copied()?;
    let differ = known.iter().any(|other| (other - first).abs() > 1e-9);
    (differ && known.iter().all(|it| *it > 0.0)).then(|| known.iter().map(|it| 1.0 / it).collect())
}

fn counts(answers: &[LabelledAnswer], scored: &Scored) -> LabelCounts {
    let good = count(scored.labels.iter().filter(|label| **label).count());
    let of = |wanted: fn(&ScoreCell) -> bool| {
        count(answers.iter().filter(|answer| wanted(&answer.score)).count())
    };
    LabelCounts {
        labels: count(answers.len()),
        scored: count(scored.labels.len()),
        skipped: of(|cell| matches!(cell, ScoreCell::Skipped(_))),
        errored: of(|cell| matches!(cell, ScoreCell::Errored(_))),
        good,
        not_good: count(scored.labels.len()) - good,
        groups: count(scored.groups.iter().max().map_or(0, |last| last + 1)),
    }
}

/// The answers with a score, turned so that larger scores are better.
pub(super) struct Scored {
    labels: Vec<bool>,
    ratings: Vec<f64>,
    scores: Vec<f64>,
    /// Numbered from 0 in the order of their names.
    groups: Vec<usize>,
    /// What each label weighs, where they were not all as likely to be drawn.
    weights: Option<Vec<f64>>,
    is_turned: bool,
}

impl Scored {
    pub(super) fn of(answers: &[LabelledAnswer], lower_is_better: bool) -> Self {
        let scored = answers.iter().filter_map(|answer| match answer.score {
            ScoreCell::Score { value, .. } => Some((answer, value.get())),
            ScoreCell::Skipped(_) | ScoreCell::Errored(_) => None,
        });
        let mut numbers: BTreeMap<&str, usize> =
            scored.clone().map(|(answer, _)| (answer.group.as_str(), 0)).collect();
        for (number, place) in numbers.values_mut().enumerate() {
            *place = number;
        }
        let mut found = Self {
            labels: Vec::new(),
            ratings: Vec::new(),
            scores: Vec::new(),
            groups: Vec::new(),
            weights: weights(scored.clone().map(|(answer, _)| answer.probability)),
            is_turned: lower_is_better,
        };
        for (answer, score) in scored {
            found.labels.push(answer.is_good);
            found.ratings.push(answer.label.get());
            found.scores.push(found.turned(score));
            found.groups.push(numbers.get(answer.group.as_str()).copied().unwrap_or_default());
        }
        found
    }

    /// Returns the numbers of the groups.
    pub(super) fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// Returns scores and labels.
    pub(super) fn columns(&self) -> (&[f64], &[f64]) {
        (&self.scores, &self.ratings)
    }

    fn data(&self) -> LabelledScores<'_> {
        LabelledScores {
            labels: &self.labels,
            scores: &self.scores,
            groups: &self.groups,
            weights: self.weights.as_deref(),
        }
    }

    /// Turns a score, or turns it back.
    fn turned(&self, score: f64) -> f64 {
        if self.is_turned { 0.0 - score } else { score }
    }

    /// Returns the number of independent labels that all are worth, and the factor that groups put on a variance.
    fn worth(&self) -> (f64, f64) {
        let mut sizes = vec![0_u64; self.groups.iter().max().map_or(0, |last| last + 1)];
        for group in &self.groups {
            if let Some(size) = sizes.get_mut(*group) {
                *size += 1;
            }
        }
        let squares: f64 = sizes.iter().map(|size| float(*size) * float(*size)).sum();
        let n = float(count(self.groups.len()));
        (n * n / squares, squares / n)
    }

    pub(super) fn spearman(&self) -> Result<Option<Estimate>, StatsError> {
        if self.scores.len() < 2 {
            return Ok(None);
        }
        let Some(value) = correlation(&self.ratings, &self.scores, Level::P95)?.spearman else {
            return Ok(None);
        };
        let interval = spearman_interval(value, self.worth().0, Level::P95)?;
        Ok(self.rank_estimate(value, (interval.low, interval.high), "bonett-wright"))
    }

    pub(super) fn auc(&self, curve: &Roc) -> Option<Estimate> {
        let interval = curve.area_interval(self.worth().1, Level::P95)?;
        self.rank_estimate(curve.area()?, (interval.low, interval.high), "delong-logit")
    }

    fn rank_estimate(&self, value: f64, (low, high): (f64, f64), method: &str) -> Option<Estimate> {
        let n = count(self.scores.len());
        Some(Estimate {
            value: finite(value)?,
            n,
            effective_n: smaller(self.worth().0, n),
            low: finite(low)?,
            high: finite(high)?,
            level: finite(Level::P95.confidence())?,
            method: method.to_owned(),
        })
    }

    /// Returns a threshold that lets the same scores pass as `score` does, as short as it can be.
    fn shortened(&self, score: f64) -> f64 {
        // Scores that differ by rounding alone are one; the figures are those of the threshold that is stated.
        let distinct = score - score.abs() * 1e-9;
        let below = self.scores.iter().copied().filter(|other| *other < distinct);
        shortest_between(score, below.reduce(f64::max))
    }

    fn figures_at(&self, threshold: f64) -> Result<ThresholdFigures, StatsError> {
        let outcome = outcome_at(self.data(), threshold, Level::P95)?;
        let figures = figures(&outcome, self.weights.is_some());
        Ok(ThresholdFigures { threshold: finite(self.turned(threshold)), ..figures })
    }

    /// Lists what thresholds come to: all where there are few, else those that let about equal shares more pass.
    fn table(&self, curve: &Roc) -> Result<Vec<ThresholdFigures>, StatsError> {
        let points = curve.points();
        let passing = |index: usize| {
            let point = points.get(index)?;
            Some(point.true_positives + point.false_positives)
        };
        let n = self.scores.len();
        let mut chosen: Vec<usize> = (0..points.len()).collect();
        if points.len() > ROWS {
            let steps = (1..=ROWS).map(|step| count(n * step / ROWS));
            let first_with = |wanted: u64| {
                (0..points.len()).find(|index| passing(*index).is_some_and(|it| it >= wanted))
            };
            chosen = steps.filter_map(first_with).collect();
            chosen.dedup();
        }
        let thresholds = chosen.into_iter().filter_map(|index| points.get(index));
        thresholds.map(|point| self.figures_at(self.shortened(point.threshold))).collect()
    }

    fn recommend(
        &self,
        options: &CalibrateOptions,
        figures: &mut CalibrationFigures,
    ) -> Result<(), StatsError> {
        let rule = match options.rule {
            CalibrationRule::BestF1 => ThresholdRule::BestF1,
            CalibrationRule::Precision(rate) => ThresholdRule::Precision(rate.get()),
        };
        let Some(chosen) = choose_threshold(self.data(), rule, Level::P95)? else { return Ok(()) };
        let recommended = self.figures_at(self.shortened(chosen))?;
        figures.threshold = recommended.threshold;
        figures.recommended = Some(recommended);
        let folds = self.folds(Seed::from_number(options.seed));
        let found = cross_validate_threshold(self.data(), &folds, rule, Level::P95)?;
        let chosen = || found.thresholds.iter().copied().flatten();
        let stated = |turned: Option<f64>| {
            turned.and_then(|score| finite(self.turned(self.shortened(score))))
        };
        figures.cross_validated = Some(CrossValidation {
            folds: count(found.thresholds.len()),
            without_threshold: count(found.thresholds.len() - chosen().count()),
            strictest: stated(chosen().reduce(f64::max)),
            most_lenient: stated(chosen().reduce(f64::min)),
            figures: self::figures(&found.outcome, self.weights.is_some()),
        });
        Ok(())
    }

    /// Deals the groups out to folds, in an order that follows from the seed.
    fn folds(&self, seed: Seed) -> Vec<usize> {
        let groups = self.groups.iter().max().map_or(0, |last| last + 1);
        let mut order: Vec<usize> = (0..groups).collect();
        let seed = seed.derive("folds of a calibration").number();
        order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        self.groups
            .iter()
            .map(|group| order.get(*group).copied().unwrap_or_default() % FOLDS)
            .collect()
    }
}

fn figures(outcome: &PassingOutcome, is_weighted: bool) -> ThresholdFigures {
    let weighted = if is_weighted { ", weighted" } else { "" };
    let exact = |rate: Option<GroupedRate>| estimate(rate?, &format!("clopper-pearson{weighted}"));
    ThresholdFigures {
        threshold: None,
        good_passing: outcome.true_positives,
        bad_passing: outcome.false_positives,
        good_failing: outcome.false_negatives,
        bad_failing: outcome.true_negatives,
        passing: exact(outcome.passing),
        precision: exact(outcome.precision),
        recall: exact(outcome.recall),
        f1: outcome
            .f1
            .and_then(|rate| estimate(rate, &format!("clopper-pearson of f-star{weighted}"))),
    }
}

fn estimate(rate: GroupedRate, method: &str) -> Option<Estimate> {
    Some(Estimate {
        value: finite(rate.value)?,
        n: rate.n,
        effective_n: smaller(rate.effective_n, rate.n),
        low: finite(rate.interval.low)?,
        high: finite(rate.interval.high)?,
        level: finite(Level::P95.confidence())?,
        method: method.to_owned(),
    })
}

fn smaller(effective: f64, n: u64) -> Option<Finite> {
    finite(effective).filter(|effective| effective.get() < float(n))
}
