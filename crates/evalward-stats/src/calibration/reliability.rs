//! How well scores between 0 and 1 serve as probabilities.

use std::num::NonZeroUsize;

use serde::Serialize;

use crate::StatsError;
use crate::convert::{floor_to_index, length_to_f64};
use crate::sample::{check_lengths, check_sample};
use crate::sorting::order;

/// How scores are put into bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bins {
    /// Bins of equal width; each holds its lower end, the last also its upper one.
    EqualWidth(NonZeroUsize),
    /// Bins of equal numbers of scores, in their order; the first bins hold one more where the number does not divide.
    EqualMass(NonZeroUsize),
}

/// The scores and labels in one bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The number of scores.
    pub n: usize,
    /// The mean of the scores.
    pub confidence: f64,
    /// The share of positives.
    pub accuracy: f64,
}

/// Checks that scores are probabilities with a label each.
pub(super) fn check_probabilities(
    statistic: &'static str,
    labels: &[bool],
    scores: &[f64],
) -> Result<(), StatsError> {
    check_lengths(("labels", labels.len()), ("scores", scores.len()))?;
    check_sample(statistic, "scores", scores, 1)?;
    match scores.iter().find(|score| !(0.0..=1.0).contains(*score)) {
        None => Ok(()),
        Some(score) => Err(StatsError::OutOfDomain {
            argument: "scores",
            value: *score,
            expected: "in [0, 1]",
        }),
    }
}

fn outcome(label: bool) -> f64 {
    f64::from(u8::from(label))
}

/// Returns the mean squared difference between score and outcome.
///
/// Brier (1950), "Verification of forecasts expressed in terms of probability", for two classes.
///
/// # Errors
/// Returns [`StatsError::TooFew`] without scores, [`StatsError::Unequal`] unless each score has a label,
/// [`StatsError::NotFinite`] for a NaN or infinite score and [`StatsError::OutOfDomain`] for one outside `[0, 1]`.
pub fn brier_score(labels: &[bool], scores: &[f64]) -> Result<f64, StatsError> {
    check_probabilities("brier score", labels, scores)?;
    let squares = labels.iter().zip(scores).map(|(label, score)| (score - outcome(*label)).powi(2));
    Ok(squares.sum::<f64>() / length_to_f64(scores.len()))
}

/// Returns the mean of the negative natural logarithm of the probability given to what happened, which counts as no less than
/// 1e-15.
///
/// # Errors
/// As for [`brier_score`].
pub fn log_loss(labels: &[bool], scores: &[f64]) -> Result<f64, StatsError> {
    check_probabilities("log loss", labels, scores)?;
    let losses = labels.iter().zip(scores).map(|(label, score)| {
        let given = if *label { *score } else { 1.0 - score };
        -given.clamp(1e-15, 1.0 - 1e-15).ln()
    });
    Ok(losses.sum::<f64>() / length_to_f64(scores.len()))
}

/// Returns the bins that hold scores, from the lowest to the highest.
///
/// # Errors
/// As for [`brier_score`].
pub fn reliability_bins(
    labels: &[bool],
    scores: &[f64],
    bins: Bins,
) -> Result<Vec<ReliabilityBin>, StatsError> {
    check_probabilities("calibration error", labels, scores)?;
    let mut sums = match bins {
        Bins::EqualWidth(count) => equal_width(labels, scores, count.get()),
        Bins::EqualMass(count) => equal_mass(labels, scores, count.get()),
    };
    sums.retain(|bin| bin.n > 0);
    for bin in &mut sums {
        let n = length_to_f64(bin.n);
        bin.confidence /= n;
        bin.accuracy /= n;
    }
    Ok(sums)
}

/// Returns the mean distance between confidence and accuracy over the bins, each weighted by its number of scores.
///
/// Naeini, Cooper and Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning", equation (4); biased
/// upwards in small samples.
///
/// # Errors
/// As for [`brier_score`].
pub fn expected_calibration_error(
    labels: &[bool],
    scores: &[f64],
    bins: Bins,
) -> Result<f64, StatsError> {
    let bins = reliability_bins(labels, scores, bins)?;
    let errors =
        bins.iter().map(|bin| (bin.accuracy - bin.confidence).abs() * length_to_f64(bin.n));
    Ok(errors.sum::<f64>() / length_to_f64(scores.len()))
}

const EMPTY: ReliabilityBin = ReliabilityBin { n: 0, confidence: 0.0, accuracy: 0.0 };

fn push(bin: &mut ReliabilityBin, label: bool, score: f64) {
    bin.n += 1;
    bin.confidence += score;
    bin.accuracy += outcome(label);
}

fn equal_width(labels: &[bool], scores: &[f64], count: usize) -> Vec<ReliabilityBin> {
    // More bins than numbers between 0 and 1 that a table can hold would only be empty ones.
    let count = count.min(1_000_000);
    let width = length_to_f64(count);
    let mut bins = vec![EMPTY; count];
    for (label, score) in labels.iter().zip(scores) {
        let mut place = floor_to_index(score * width).min(count - 1);
        // The product rounds; the ends of the bins are the quotients.
        if length_to_f64(place) / width > *score {
            place -= 1;
        } else if place + 1 < count && length_to_f64(place + 1) / width <= *score {
            place += 1;
        }
        push(&mut bins[place], *label, *score);
    }
    bins
}

fn equal_mass(labels: &[bool], scores: &[f64], count: usize) -> Vec<ReliabilityBin> {
    let (size, larger) = (scores.len() / count, scores.len() % count);
    let mut rest = order(scores).into_iter();
    let mut bins = Vec::new();
    for place in 0..count.min(scores.len()) {
        let mut bin = EMPTY;
        for position in rest.by_ref().take(size + usize::from(place < larger)) {
            push(&mut bin, labels[position], scores[position]);
        }
        bins.push(bin);
    }
    bins
}
