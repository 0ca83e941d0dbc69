//! Correction for looking at several metrics at once.

use evalward_core::Finite;
use evalward_stats::comparison::{Correction, adjust};

use super::{ComparisonVerdict, MetricComparison, MetricRole};
use crate::numbers::finite;

/// Corrects the p-values within each role, and takes back what does not survive.
///
/// Blocking comparisons are corrected by Holm (1979), "A simple sequentially rejective multiple test procedure", so that the
/// probability of any false regression among them is at most alpha. The others are corrected by Benjamini and Hochberg (1995),
/// "Controlling the false discovery rate", on two-sided p-values at twice alpha. Intervals are not widened: that all of them
/// lie above their margins needs no correction, because each has to.
pub(crate) fn correct(comparisons: &mut [MetricComparison], alpha: f64) {
    let mut blocking: Vec<&mut MetricComparison> = comparisons
        .iter_mut()
        .filter(|it| it.role == MetricRole::Blocking && it.p_regression.is_some())
        .filter(|it| it.verdict != ComparisonVerdict::Described)
        .collect();
    let p: Vec<f64> = blocking.iter().filter_map(|it| it.p_regression).map(Finite::get).collect();
    take_back(&mut blocking, &p, &adjusted(&p, Correction::Holm), alpha, "Holm's correction");
    let mut others: Vec<&mut MetricComparison> = comparisons
        .iter_mut()
        .filter(|it| it.role == MetricRole::Exploratory && it.p_regression.is_some())
        .collect();
    let p: Vec<f64> = others
        .iter()
        .filter_map(|it| it.p_regression)
        .map(|p| (2.0 * p.get().min(1.0 - p.get())).clamp(0.0, 1.0))
        .collect();
    take_back(
        &mut others,
        &p,
        &adjusted(&p, Correction::Bh),
        2.0 * alpha,
        "Benjamini and Hochberg's correction",
    );
}

fn take_back(
    comparisons: &mut [&mut MetricComparison],
    raw: &[f64],
    adjusted: &[f64],
    alpha: f64,
    method: &str,
) {
    let family = comparisons.len();
    for ((comparison, raw), adjusted) in comparisons.iter_mut().zip(raw).zip(adjusted) {
        comparison.p_adjusted = finite(*adjusted);
        let claim = match (comparison.role, comparison.verdict) {
            (_, ComparisonVerdict::Regression) => "a loss",
            (MetricRole::Exploratory, ComparisonVerdict::Improvement) => "a gain",
            _ => continue,
        };
        if family > 1 && *adjusted > alpha {
            comparison.verdict = ComparisonVerdict::Inconclusive;
            comparison.confirmed = false;
            comparison.notes.push(format!(
                "{claim} if looked at alone (p {raw:.3}), not after {method} over {family} comparisons (p {adjusted:.3})"
            ));
        }
    }
}

/// Probabilities come from comparisons that succeeded, so that they are in order; what were none would claim nothing.
fn adjusted(p: &[f64], correction: Correction) -> Vec<f64> {
    adjust(p, correction).unwrap_or_else(|_| vec![1.0; p.len()])
}
