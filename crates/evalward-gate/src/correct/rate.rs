//! The share that passes.

use std::collections::BTreeMap;

use evalward_core::Finite;
use evalward_stats::calibration::{JudgedRate, rogan_gladen};
use evalward_stats::{BinomialMethod, Level, StatsError, binomial_interval};

use super::answer::{CorrectedAnswer, LabelledBy, Series};
use super::figure::{CorrectedFigure, estimate, powered};
use crate::Estimate;
use crate::numbers::{count, float};

/// The fewest labels that correct a rate.
const FEWEST: usize = 20;

/// From this number of labels on, rates are corrected as means are; with fewer that interval is too narrow where rates are near 1.
const ENOUGH: usize = 100;

/// So many of the labels must be good, and so many not: rates near 0 or 1 show too little of their spread in a hundred labels.
const ENOUGH_OF_EACH: usize = 15;

/// The least that sensitivity and specificity must sum up to beyond 1: below, the judge hardly tells good answers from bad ones, and
/// nothing that it says can be corrected.
const LEAST_INFORMED: f64 = 0.1;

/// Corrects the share that passes by what people say; nothing where nobody says so, or where nothing can pass.
pub fn correct_rate(answers: &[CorrectedAnswer]) -> Option<CorrectedFigure> {
    let number = |passed: bool| if passed { 1.0 } else { 0.0 };
    let good = |label: &LabelledBy| label.is_good.map(number);
    let series = Series::of(answers, |answer| answer.passed.map(number), good);
    if series.labels.is_empty() {
        return None;
    }
    let passed = count(series.all.iter().filter(|it| **it > 0.5).count());
    let n = count(series.all.len());
    let raw = binomial_interval(passed, n, Level::P95, BinomialMethod::Wilson).ok()?;
    let rate = float(passed) / float(n);
    let raw = estimate(rate, raw, (series.all.len(), float(n)), "wilson")?;
    let corrected = match series.labels.len() {
        labels if labels < FEWEST => Err(format!("{labels} labels are too few; it takes {FEWEST}")),
        labels if labels < ENOUGH || of_each(&series) < ENOUGH_OF_EACH => inverted(&series, rate),
        _ => powered(&series).map(within_rates).or_else(|_| inverted(&series, rate)),
    };
    Some(CorrectedFigure::new(raw, corrected))
}

/// Returns how many labels there are of the rarer kind.
fn of_each(series: &Series) -> usize {
    let good = series.labels.iter().filter(|label| **label > 0.5).count();
    good.min(series.labels.len() - good)
}

fn within_rates(estimate: Estimate) -> Estimate {
    let rate = |value: Finite| value.clamp(Finite::ZERO, Finite::ONE);
    Estimate {
        value: rate(estimate.value),
        low: rate(estimate.low),
        high: rate(estimate.high),
        ..estimate
    }
}

/// Inverts what the judge's errors on labelled answers make of the true rate.
fn inverted(series: &Series, rate: f64) -> Result<Estimate, String> {
    let sensitivity = Share::of(series, |label| label > 0.5, |judged| judged > 0.5);
    let specificity = Share::of(series, |label| label <= 0.5, |judged| judged <= 0.5);
    let (Some(sensitivity), Some(specificity)) = (sensitivity, specificity) else {
        return Err("people found all of them good, or none: label more answers".to_owned());
    };
    let informed = sensitivity.value + specificity.value - 1.0;
    if informed < LEAST_INFORMED {
        return Err(format!(
            "the judge hardly tells good answers from bad ones: it passes {:.0} % of the good and {:.0} % of the bad",
            100.0 * sensitivity.value,
            100.0 * (1.0 - specificity.value)
        ));
    }
    let judged = JudgedRate {
        pass_rate: rate,
        n: count(series.all.len()),
        specificity: specificity.value,
        bad: specificity.n,
        sensitivity: sensitivity.value,
        good: sensitivity.n,
    };
    let found = rogan_gladen(&judged, Level::P95).map_err(|error: StatsError| error.to_string())?;
    let worth = float(sensitivity.n + specificity.n);
    estimate(found.theta, found.ci_lr, (series.labels.len(), worth), "lang-reiczigel")
        .ok_or_else(|| "the interval cannot be stated".to_owned())
}

/// A share among some of the labelled answers.
struct Share {
    value: f64,
    /// The number of equally weighted independent answers that it is taken over, rounded down.
    n: u64,
}

impl Share {
    fn of(
        series: &Series,
        counts: impl Fn(f64) -> bool,
        holds: impl Fn(f64) -> bool,
    ) -> Option<Self> {
        let (mut sum, mut held) = (0.0, 0.0);
        let mut clusters: BTreeMap<usize, f64> = BTreeMap::new();
        let labelled = series.labels.iter().zip(&series.judged);
        let drawn = series.probabilities.iter().zip(&series.clusters);
        for ((label, judged), (probability, cluster)) in labelled.zip(drawn) {
            if counts(*label) {
                let weight = 1.0 / probability;
                sum += weight;
                held += if holds(*judged) { weight } else { 0.0 };
                *clusters.entry(*cluster).or_default() += weight;
            }
        }
        let squares: f64 = clusters.values().map(|weight| weight * weight).sum();
        (sum > 0.0).then(|| Self { value: (held / sum).min(1.0), n: rounded(sum * sum / squares) })
    }
}

/// Rounds a number of answers down.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of answers, at least 1; `as` saturates"
)]
fn rounded(worth: f64) -> u64 {
    ((worth + 1e-9).floor() as u64).max(1)
}
