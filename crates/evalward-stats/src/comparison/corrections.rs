//! Corrections for testing many hypotheses.

use serde::Serialize;

use crate::StatsError;
use crate::convert::length_to_f64;

/// The ways to correct p-values of many hypotheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Bonferroni: family-wise errors under any dependence; never better than Holm.
    Bonferroni,
    /// Šidák (1967), "Rectangular confidence regions for the means of multivariate normal distributions", JASA 62:
    /// family-wise errors of independent tests.
    Sidak,
    /// Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6:
    /// family-wise errors under any dependence; the one to gate on.
    Holm,
    /// Hochberg (1988), "A sharper Bonferroni procedure for multiple tests of significance", Biometrika 75: family-wise errors
    /// under positive dependence.
    Hochberg,
    /// Hommel (1988), "A stagewise rejective multiple test procedure based on a modified Bonferroni test", Biometrika 75:
    /// family-wise errors under positive dependence.
    Hommel,
    /// Benjamini and Hochberg (1995), "Controlling the false discovery rate", JRSS B 57: false discoveries under positive
    /// dependence.
    Bh,
    /// Benjamini and Yekutieli (2001), "The control of the false discovery rate in multiple testing under dependency", Annals
    /// of Statistics 29: false discoveries under any dependence.
    By,
}

/// Corrected p-values with what they reject, in the order of the hypotheses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corrected {
    /// The adjusted p-values, at most 1.
    pub adjusted: Vec<f64>,
    /// Whether each hypothesis is rejected at `alpha`.
    pub reject: Vec<bool>,
}

/// Returns adjusted p-values in the order of `p`; a hypothesis is rejected where its adjusted p-value is at most the level.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for no p-values, [`StatsError::NotFinite`] for a NaN, and [`StatsError::OutOfDomain`] for a
/// number outside `[0, 1]`.
pub fn adjust(p: &[f64], correction: Correction) -> Result<Vec<f64>, StatsError> {
    check_probabilities(p)?;
    let order = ascending(p);
    let sorted: Vec<f64> = order.iter().map(|index| p[*index]).collect();
    Ok(restore(&order, &adjust_sorted(&sorted, correction)))
}

/// Returns adjusted p-values and what is rejected at `alpha`, both in the order of `p`.
///
/// The decisions are made on the p-values themselves, by each procedure's own thresholds, so that rounding of an adjusted
/// p-value decides nothing.
///
/// # Errors
/// As [`adjust`], and [`StatsError::OutOfDomain`] unless `0 < alpha < 1`.
pub fn correct(p: &[f64], alpha: f64, correction: Correction) -> Result<Corrected, StatsError> {
    check_probabilities(p)?;
    check_alpha(alpha)?;
    let order = ascending(p);
    let sorted: Vec<f64> = order.iter().map(|index| p[*index]).collect();
    let adjusted = adjust_sorted(&sorted, correction);
    let rejected = rejected(&sorted, &adjusted, alpha, correction);
    let reject: Vec<bool> = (0..sorted.len()).map(|rank| rank < rejected).collect();
    Ok(Corrected { adjusted: restore(&order, &adjusted), reject: restore(&order, &reject) })
}

/// Returns which hypotheses e-BH rejects, from their e-values, in the order of `e`.
///
/// Wang and Ramdas (2022), "False discovery rate control with e-values", JRSS B 84, section 4: false discoveries under any
/// dependence.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for no e-values, [`StatsError::NotFinite`] for a NaN or infinite one, and
/// [`StatsError::OutOfDomain`] for a negative one or unless `0 < alpha < 1`.
pub fn e_bh(e: &[f64], alpha: f64) -> Result<Vec<bool>, StatsError> {
    check_alpha(alpha)?;
    super::moments::check("e-BH", "e", e, 1)?;
    if let Some(value) = e.iter().copied().find(|value| *value < 0.0) {
        return Err(StatsError::OutOfDomain { argument: "e", value, expected: "0 or larger" });
    }
    let mut order = ascending(e);
    order.reverse();
    let m = length_to_f64(e.len());
    let holds = |rank: usize| e[order[rank]] >= m / (length_to_f64(rank + 1) * alpha);
    let rejected = (0..e.len()).rev().find(|rank| holds(*rank)).map_or(0, |rank| rank + 1);
    let reject: Vec<bool> = (0..e.len()).map(|rank| rank < rejected).collect();
    Ok(restore(&order, &reject))
}

fn check_probabilities(p: &[f64]) -> Result<(), StatsError> {
    super::moments::check("a correction", "p", p, 1)?;
    match p.iter().copied().find(|value| !(0.0..=1.0).contains(value)) {
        Some(value) => Err(StatsError::OutOfDomain { argument: "p", value, expected: "in [0, 1]" }),
        None => Ok(()),
    }
}

fn check_alpha(alpha: f64) -> Result<(), StatsError> {
    if alpha > 0.0 && alpha < 1.0 {
        return Ok(());
    }
    let expected = "strictly between 0 and 1";
    Err(StatsError::OutOfDomain { argument: "alpha", value: alpha, expected })
}

/// Returns the positions of the values in ascending order.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
    order
}

/// Brings sorted values back to where they came from.
fn restore<T: Copy + Default>(order: &[usize], sorted: &[T]) -> Vec<T> {
    let mut values = vec![T::default(); sorted.len()];
    for (index, value) in order.iter().zip(sorted) {
        values[*index] = *value;
    }
    values
}

fn adjust_sorted(p: &[f64], correction: Correction) -> Vec<f64> {
    let m = length_to_f64(p.len());
    // The number of hypotheses not before this one, and its share of all of them.
    let left = |rank: usize| m - length_to_f64(rank);
    let share = |rank: usize| length_to_f64(rank + 1) / m;
    let each = |factor: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
        p.iter().enumerate().map(|(rank, p)| factor(rank, *p)).collect()
    };
    let mut adjusted = match correction {
        Correction::Bonferroni => each(&|_, p| p * m),
        Correction::Sidak => each(&|_, p| -(m * (-p).ln_1p()).exp_m1()),
        Correction::Holm => running_maximum(each(&|rank, p| p * left(rank))),
        Correction::Hochberg => running_minimum(each(&|rank, p| p * left(rank))),
        Correction::Hommel => super::hommel::adjust_sorted(p),
        Correction::Bh => running_minimum(each(&|rank, p| p / share(rank))),
        Correction::By => {
            let harmonic = harmonic(p.len());
            running_minimum(each(&|rank, p| p / (share(rank) / harmonic)))
        }
    };
    for value in &mut adjusted {
        *value = value.clamp(0.0, 1.0);
    }
    adjusted
}

fn running_maximum(mut values: Vec<f64>) -> Vec<f64> {
    let mut largest = 0.0_f64;
    for value in &mut values {
        largest = largest.max(*value);
        *value = largest;
    }
    values
}

fn running_minimum(mut values: Vec<f64>) -> Vec<f64> {
    let mut smallest = f64::INFINITY;
    for value in values.iter_mut().rev() {
        smallest = smallest.min(*value);
        *value = smallest;
    }
    values
}

fn harmonic(m: usize) -> f64 {
    (1..=m).map(|k| 1.0 / length_to_f64(k)).sum()
}

/// Returns how many of the smallest p-values are rejected.
fn rejected(p: &[f64], adjusted: &[f64], alpha: f64, correction: Correction) -> usize {
    let m = length_to_f64(p.len());
    let left = |rank: usize| m - length_to_f64(rank);
    let share = |rank: usize| length_to_f64(rank + 1) / m;
    // Step-down procedures stop at the first that is not rejected, step-up ones start at the last that is.
    let down = |holds: &dyn Fn(usize) -> bool| (0..p.len()).take_while(|rank| holds(*rank)).count();
    let up = |holds: &dyn Fn(usize) -> bool| {
        (0..p.len()).rev().find(|rank| holds(*rank)).map_or(0, |rank| rank + 1)
    };
    match correction {
        Correction::Bonferroni => down(&|rank| p[rank] <= alpha / m),
        Correction::Sidak => {
            let each = 1.0 - (1.0 - alpha).powf(1.0 / m);
            down(&|rank| p[rank] <= each)
        }
        Correction::Holm => down(&|rank| p[rank] <= alpha / left(rank)),
        Correction::Hochberg => up(&|rank| p[rank] <= alpha / left(rank)),
        Correction::Hommel => down(&|rank| adjusted[rank] <= alpha),
        Correction::Bh => up(&|rank| p[rank] <= share(rank) * alpha),
        Correction::By => {
            let harmonic = harmonic(p.len());
            up(&|rank| p[rank] <= share(rank) / harmonic * alpha)
        }
    }
}
