//! A mean from few labels and many judged items.

use serde::Serialize;

use crate::convert::length_to_f64;
use crate::sample::{check_lengths, check_sample, finite_interval, safe_scale};
use crate::special::{normal_tails, normal_upper_quantile, t_upper_quantile};
use crate::{Interval, Level, StatsError};

/// Labels and a judge's scores: of the labelled items both, of the others the judge's alone.
#[derive(Clone, Copy, Debug)]
pub struct Scores<'a> {
    /// The labels.
    pub labels: &'a [f64],
    /// The judge's scores of the labelled items.
    pub judged: &'a [f64],
    /// The judge's scores of the items without a label.
    pub unlabelled: &'a [f64],
    /// The weights of the labelled items; without them all weigh the same.
    pub weights: Option<&'a [f64]>,
}

/// An estimate with its normal interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictionPowered {
    /// The estimated mean.
    pub estimate: f64,
    /// The interval, by divisor `n` and normal quantiles: too narrow below about 50 labels.
    pub ci: Interval,
    /// The two-sided probability under the null value; absent where the judge's scores do not vary and lambda is to be tuned.
    pub p_two_sided: Option<f64>,
}

/// The tuned estimate with an interval that holds for few labels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RecommendedInterval {
    /// The tuned estimate.
    pub estimate: f64,
    /// The interval, by divisor `n - 1` and the t quantile.
    pub ci: Interval,
    /// Satterthwaite's degrees of freedom.
    pub df: f64,
}

/// A mean from few labels and many judged items, in three ways.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictionPoweredMean {
    /// The labels alone.
    pub lam0: PredictionPowered,
    /// The judge's mean, corrected by its mean error on the labelled items.
    pub lam1: PredictionPowered,
    /// The judge weighted by `lam_used`; its probability uses lambda before it was cut to `[0, 1]`.
    pub tuned: PredictionPowered,
    /// The weight of the judge with the least variance, within `[0, 1]`.
    pub lam_used: f64,
    /// The interval to use; absent with weights and where nothing varies.
    pub recommended_ci_t: Option<RecommendedInterval>,
}

/// Returns the mean of the labels that a judge's scores of many more items sharpen.
///
/// Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), "Prediction-powered inference", algorithm 1; the tuning of
/// Angelopoulos, Duchi and Zrnic (2023), "PPI++", section 6, with a pilot at lambda 1. Assumes that the labelled items are a random
/// sample of all items. The recommended interval is Welch's for the two independent parts of the estimate.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for fewer than two labels or no item without one, [`StatsError::Unequal`] for series of
/// different length, [`StatsError::NotFinite`] for a NaN or infinite number, and [`StatsError::OutOfDomain`] for a negative
/// weight, weights that sum to 0 and labels so large that the interval leaves the range of f64.
pub fn prediction_powered_mean(
    scores: Scores<'_>,
    null: f64,
    level: Level,
) -> Result<PredictionPoweredMean, StatsError> {
    let statistic = "prediction powered mean";
    check_lengths(("labels", scores.labels.len()), ("judged", scores.judged.len()))?;
    check_sample(statistic, "labels", scores.labels, 2)?;
    check_sample(statistic, "judged", scores.judged, 2)?;
    check_sample(statistic, "unlabelled", scores.unlabelled, 1)?;
    check_sample(statistic, "null", &[null], 1)?;
    let weights = scores.weights.map(|weights| normalized(weights, scores.labels.len()));
    let parts = Parts::new(scores, weights.transpose()?, null);
    let z = normal_upper_quantile(level.tail());
    let tuned_lambda = parts.tuned_lambda();
    let lam_used = tuned_lambda.map_or(0.0, |lambda| lambda.clamp(0.0, 1.0));
    let mut tuned = parts.at(lam_used, z);
    tuned.p_two_sided = tuned_lambda.and_then(|lambda| parts.at(lambda, z).p_two_sided);
    let (lam0, lam1) = (parts.at(0.0, z), parts.at(1.0, z));
    for part in [lam0, lam1, tuned] {
        if !(part.ci.width().is_finite() && part.estimate.is_finite()) {
            let (argument, expected) = ("labels", "small enough for an interval around their mean");
            return Err(StatsError::OutOfDomain { argument, value: part.estimate, expected });
        }
    }
    Ok(PredictionPoweredMean {
        lam0,
        lam1,
        tuned,
        lam_used,
        recommended_ci_t: parts.recommended(lam_used, level.tail()),
    })
}

/// Returns weights with mean 1.
fn normalized(weights: &[f64], labels: usize) -> Result<Vec<f64>, StatsError> {
    check_lengths(("labels", labels), ("weights", weights.len()))?;
    check_sample("prediction powered mean", "weights", weights, 1)?;
    let scale = safe_scale(weights.iter());
    let total: f64 = weights.iter().map(|weight| weight / scale).sum();
    let wrong = weights.iter().copied().find(|weight| *weight < 0.0);
    if let Some(value) = wrong.or((total <= 0.0).then_some(0.0)) {
        let expected = "not negative, and positive for some label";
        return Err(StatsError::OutOfDomain { argument: "weights", value, expected });
    }
    let n = length_to_f64(weights.len());
    Ok(weights.iter().map(|weight| weight / scale / total * n).collect())
}

/// The series, divided by a power of two where their squares would leave the range of f64.
struct Parts {
    scale: f64,
    null: f64,
    labels: Vec<f64>,
    judged: Vec<f64>,
    unlabelled: Vec<f64>,
    weights: Option<Vec<f64>>,
}

/// The number, the mean and the sum of squared deviations of a series.
struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut n, mut sum) = (0.0, 0.0);
        for value in values.clone() {
            n += 1.0;
            sum += value;
        }
        let mean = sum / n;
        Self { n, mean, squares: values.map(|value| (value - mean).powi(2)).sum() }
    }

    /// Returns the variance of the mean, with divisor `n - lost` for that of a value.
    fn variance_of_mean(&self, lost: f64) -> f64 {
        self.squares / (self.n - lost) / self.n
    }
}

impl Parts {
    fn new(scores: Scores<'_>, weights: Option<Vec<f64>>, null: f64) -> Self {
        let all = scores.labels.iter().chain(scores.judged).chain(scores.unlabelled);
        let scale = safe_scale(all);
        let scaled = |values: &[f64]| values.iter().map(|value| value / scale).collect();
        Self {
            scale,
            null: null / scale,
            labels: scaled(scores.labels),
            judged: scaled(scores.judged),
            unlabelled: scaled(scores.unlabelled),
            weights,
        }
    }

    fn weight(&self, item: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[item])
    }

    /// Iterates over label less `lambda` times the judge's score, each times its weight.
    fn rectifiers(&self, lambda: f64) -> impl Iterator<Item = f64> + Clone {
        let pairs = self.labels.iter().zip(&self.judged).enumerate();
        pairs.map(move |(item, (label, judged))| self.weight(item) * (label - lambda * judged))
    }

    fn moments(&self, lambda: f64) -> (Moments, Moments) {
        let imputed = self.unlabelled.iter().map(move |score| lambda * score);
        (Moments::of(self.rectifiers(lambda)), Moments::of(imputed))
    }

    fn at(&self, lambda: f64, z: f64) -> PredictionPowered {
        let (rectifier, imputed) = self.moments(lambda);
        let estimate = rectifier.mean + imputed.mean;
        let error = (rectifier.variance_of_mean(0.0) + imputed.variance_of_mean(0.0)).sqrt();
        // The floor of ppi_py, so that an estimate without spread has a probability of 0 or 1.
        let distance = (estimate - self.null).abs() / error.max(1e-16);
        let end = |reach: f64| (estimate + reach * error) * self.scale;
        PredictionPowered {
            estimate: estimate * self.scale,
            ci: Interval { low: end(-z), high: end(z) },
            p_two_sided: Some((2.0 * normal_tails(distance).upper).min(1.0)),
        }
    }

    /// Returns the weight of the judge with the least variance; nothing where its scores do not vary.
    fn tuned_lambda(&self) -> Option<f64> {
        let first = self.judged[0];
        let mut scores = self.judged.iter().chain(&self.unlabelled);
        if self.weights.is_none() && scores.all(|score| (score - first).abs() <= 0.0) {
            return None;
        }
        let (rectifier, imputed) = self.moments(1.0);
        let pilot = rectifier.mean + imputed.mean;
        let gradients = |values: &[f64]| -> Vec<f64> {
            let weighted = values.iter().enumerate();
            weighted.map(|(item, value)| self.weight(item) * (value - pilot)).collect()
        };
        let (of_labels, of_judged) = (gradients(&self.labels), gradients(&self.judged));
        let of_rest = self.unlabelled.iter().map(|score| score - pilot);
        let (labels, judged) =
            (Moments::of(of_labels.iter().copied()), Moments::of(of_judged.iter().copied()));
        let products = of_labels.iter().zip(&of_judged);
        let covariance: f64 =
            products.map(|(label, score)| (label - labels.mean) * (score - judged.mean)).sum();
        let all = Moments::of(of_judged.iter().copied().chain(of_rest));
        let share = labels.n / imputed.n;
        let lambda = covariance / labels.n / ((1.0 + share) * all.squares / (all.n - 1.0));
        lambda.is_finite().then_some(lambda)
    }

    fn recommended(&self, lambda: f64, tail: f64) -> Option<RecommendedInterval> {
        if self.weights.is_some() {
            return None;
        }
        let (rectifier, imputed) = self.moments(lambda);
        let first = rectifier.variance_of_mean(1.0);
        // One item has no spread to see; without a weight it needs none.
        let second = if lambda > 0.0 { imputed.variance_of_mean(1.0) } else { 0.0 };
        let of_second = if second > 0.0 { second * second / (imputed.n - 1.0) } else { 0.0 };
        let df = (first + second).powi(2) / (first * first / (rectifier.n - 1.0) + of_second);
        if !(df > 0.0 && df.is_finite() && second.is_finite()) {
            return None;
        }
        let estimate = rectifier.mean + imputed.mean;
        let reach = t_upper_quantile(tail, df) * (first + second).sqrt();
        let ci = finite_interval((estimate - reach) * self.scale, (estimate + reach) * self.scale)?;
        Some(RecommendedInterval { estimate: estimate * self.scale, ci, df })
    }
}
