//! How well scores separate two classes, over all thresholds.

use crate::convert::count_to_f64;
use crate::intervals::effective_rate_interval;
use crate::sample::{check_lengths, check_sample, finite};
use crate::sorting::ascending;
use crate::special::normal_upper_quantile;
use crate::{Interval, Level, StatsError};

/// What taking all scores of at least a threshold for positive comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// The threshold; one of the scores.
    pub threshold: f64,
    /// How many positives have at least this score.
    pub true_positives: u64,
    /// How many negatives have at least this score.
    pub false_positives: u64,
}

/// The outcomes of all thresholds, from the highest score to the lowest.
#[derive(Clone, Debug, PartialEq)]
pub struct Roc {
    points: Vec<RocPoint>,
    positives: u64,
    negatives: u64,
}

/// Counts the outcomes of all thresholds, in O(n log n).
///
/// # Errors
/// Returns [`StatsError::TooFew`] without scores, [`StatsError::Unequal`] unless each score has a label and
/// [`StatsError::NotFinite`] for a NaN or infinite score.
pub fn roc(labels: &[bool], scores: &[f64]) -> Result<Roc, StatsError> {
    check_lengths(("labels", labels.len()), ("scores", scores.len()))?;
    check_sample("roc", "scores", scores, 1)?;
    let of = |class: bool| {
        let labelled = labels.iter().zip(scores);
        ascending(labelled.filter(|(label, _)| **label == class).map(|(_, score)| *score))
    };
    // Two sorts of plain numbers and a merge cost less than one sort that carries the labels along.
    let (mut positive, mut negative) = (&of(true)[..], &of(false)[..]);
    let (mut positives, mut negatives) = (0, 0);
    let mut points = Vec::new();
    while let Some(threshold) = highest(positive, negative) {
        positives += take_equal(&mut positive, threshold);
        negatives += take_equal(&mut negative, threshold);
        points.push(RocPoint { threshold, true_positives: positives, false_positives: negatives });
    }
    Ok(Roc { points, positives, negatives })
}

fn highest(left: &[f64], right: &[f64]) -> Option<f64> {
    match (left.last(), right.last()) {
        (Some(left), Some(right)) => Some(left.max(*right)),
        (one, other) => one.or(other).copied(),
    }
}

/// Drops the scores of at least `threshold` from the end and returns how many they were.
fn take_equal(scores: &mut &[f64], threshold: f64) -> u64 {
    let mut taken = 0;
    while let [rest @ .., last] = scores
        && *last >= threshold
    {
        *scores = rest;
        taken += 1;
    }
    taken
}

impl Roc {
    /// Returns the outcomes by descending threshold, one for each distinct score.
    pub fn points(&self) -> &[RocPoint] {
        &self.points
    }

    /// Returns the number of positives.
    pub fn positives(&self) -> u64 {
        self.positives
    }

    /// Returns the number of negatives.
    pub fn negatives(&self) -> u64 {
        self.negatives
    }

    /// Iterates over the points, each with the true and the false positives that it adds to the one before.
    fn steps(&self) -> impl Iterator<Item = (&RocPoint, f64, f64)> {
        let mut before = (0, 0);
        self.points.iter().map(move |point| {
            let added = (point.true_positives - before.0, point.false_positives - before.1);
            before = (point.true_positives, point.false_positives);
            (point, count_to_f64(added.0), count_to_f64(added.1))
        })
    }

    /// Returns the share of pairs of a positive and a negative in which the positive scores higher, equal scores counting half;
    /// nothing unless both classes occur.
    ///
    /// Hanley and `McNeil` (1982), "The meaning and use of the area under a receiver operating characteristic (ROC) curve".
    pub fn area(&self) -> Option<f64> {
        let (positives, negatives) = (count_to_f64(self.positives), count_to_f64(self.negatives));
        let higher = self.steps().map(|(point, hits, misses)| {
            misses * (count_to_f64(point.true_positives) - hits / 2.0)
        });
        finite(higher.sum::<f64>() / positives / negatives)
    }

    /// Returns the standard error of the area; nothing with fewer than two of either class.
    ///
    /// `DeLong`, `DeLong` and Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver operating
    /// characteristic curves", equations (4) to (6). Assumes independent examples.
    pub fn standard_error(&self) -> Option<f64> {
        if self.positives < 2 || self.negatives < 2 {
            return None;
        }
        let area = self.area()?;
        let (positives, negatives) = (count_to_f64(self.positives), count_to_f64(self.negatives));
        let (mut of_positives, mut of_negatives) = (0.0, 0.0);
        for (point, hits, misses) in self.steps() {
            let below = negatives - count_to_f64(point.false_positives) + misses / 2.0;
            let above = count_to_f64(point.true_positives) - hits / 2.0;
            of_positives += hits * (below / negatives - area).powi(2);
            of_negatives += misses * (above / positives - area).powi(2);
        }
        let variance = of_positives / (positives - 1.0) / positives
            + of_negatives / (negatives - 1.0) / negatives;
        Some(variance.sqrt())
    }

    /// Returns an interval for the area; nothing unless both classes occur.
    ///
    /// `DeLong`'s standard error on the logit scale: Qin and Hotilovac (2008), "Comparison of non-parametric confidence intervals
    /// for the area under the ROC curve of a continuous-scale diagnostic test", Statistical Methods in Medical Research 17(2),
    /// section 2. Where that error is 0, as with classes that do not overlap, or cannot be had, it is the exact interval for as
    /// many independent pairs as the rarer class has members. `design_effect` is the factor by which dependence inflates the
    /// variance; 1 for independent scores.
    pub fn area_interval(&self, design_effect: f64, level: Level) -> Option<Interval> {
        let area = self.area()?;
        let error = self.standard_error().unwrap_or(0.0) * design_effect.max(1.0).sqrt();
        let spread = area * (1.0 - area);
        if error > 0.0 && spread > 0.0 {
            let middle = (area / (1.0 - area)).ln();
            let reach = normal_upper_quantile(level.tail()) * error / spread;
            let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
            return Some(Interval { low: share(middle - reach), high: share(middle + reach) });
        }
        let pairs = count_to_f64(self.positives.min(self.negatives)) / design_effect.max(1.0);
        effective_rate_interval(area * pairs, pairs, level).ok()
    }

    /// Returns the precision at each threshold weighted by the recall that it adds; nothing unless both classes occur.
    ///
    /// The step-wise sum without interpolation, as in scikit-learn's `average_precision_score`.
    pub fn average_precision(&self) -> Option<f64> {
        if self.positives == 0 || self.negatives == 0 {
            return None;
        }
        let gained = self.steps().map(|(point, hits, _)| hits * precision(point));
        Some(gained.sum::<f64>() / count_to_f64(self.positives))
    }

    /// Returns the point with the largest difference between the rates of true and of false positives, and that difference; of
    /// equal ones the point with the highest threshold; nothing unless both classes occur.
    ///
    /// Youden (1950), "Index for rating diagnostic tests".
    pub fn best_youden(&self) -> Option<(RocPoint, f64)> {
        if self.positives == 0 || self.negatives == 0 {
            return None;
        }
        let (positives, negatives) = (count_to_f64(self.positives), count_to_f64(self.negatives));
        self.best(|point| {
            count_to_f64(point.true_positives) / positives
                - count_to_f64(point.false_positives) / negatives
        })
    }

    /// Returns the point with the largest harmonic mean of precision and recall, and that mean; of equal ones the point with the
    /// highest threshold; nothing unless both classes occur.
    pub fn best_f1(&self) -> Option<(RocPoint, f64)> {
        if self.positives == 0 || self.negatives == 0 {
            return None;
        }
        let positives = count_to_f64(self.positives);
        self.best(|point| {
            let hits = count_to_f64(point.true_positives);
            2.0 * hits / (hits + count_to_f64(point.false_positives) + positives)
        })
    }

    fn best(&self, value: impl Fn(&RocPoint) -> f64) -> Option<(RocPoint, f64)> {
        let mut best = None;
        for point in &self.points {
            let value = value(point);
            if best.is_none_or(|(_, highest)| value > highest) {
                best = Some((*point, value));
            }
        }
        best
    }
}

fn precision(point: &RocPoint) -> f64 {
    let hits = count_to_f64(point.true_positives);
    hits / (hits + count_to_f64(point.false_positives))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_the_area_is_on_the_logit_scale_and_never_without_width() {
        let labels = [true, true, true, false, true, false, false, false];
        let curve = roc(&labels, &[0.9, 0.8, 0.6, 0.7, 0.5, 0.4, 0.3, 0.2]).unwrap();
        let (area, error) = (curve.area().unwrap(), curve.standard_error().unwrap());
        let interval = curve.area_interval(1.0, Level::P95).unwrap();
        let logit = |share: f64| (share / (1.0 - share)).ln();
        let reach = 1.959_963_984_540_054 * error / area / (1.0 - area);
        assert!((logit(interval.high) - logit(area) - reach).abs() < 1e-9);
        assert!((logit(area) - logit(interval.low) - reach).abs() < 1e-9);
        assert!(curve.area_interval(2.0, Level::P95).unwrap().width() > interval.width());
        let apart = roc(&labels, &[0.9, 0.8, 0.7, 0.1, 0.6, 0.1, 0.1, 0.1]).unwrap();
        let exact = apart.area_interval(1.0, Level::P95).unwrap();
        // All of four pairs: 0.025^(1/4).
        assert!((exact.low - 0.025_f64.powf(0.25)).abs() < 1e-9 && exact.high >= 1.0, "{exact:?}");
        assert_eq!(roc(&[true], &[0.5]).unwrap().area_interval(1.0, Level::P95), None);
    }
}
