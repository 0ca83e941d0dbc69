//! Correction for looking at several metrics at once.

use super::{ComparisonVerdict, MetricComparison, MetricRole};
use crate::numbers::{count, finite, float};

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
    let p: Vec<f64> = blocking.iter().filter_map(|it| it.p_regression).map(|p| p.get()).collect();
    take_back(&mut blocking, &p, &holm(&p), alpha, "Holm's correction");
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
        &benjamini_hochberg(&p),
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

/// Returns Holm's adjusted p-values, in the order of the arguments.
fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in ranked(p).into_iter().enumerate() {
        let left = float(count(p.len() - rank));
        largest = largest.max((p[index] * left).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// Returns Benjamini and Hochberg's adjusted p-values, in the order of the arguments.
fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut smallest: f64 = 1.0;
    for (rank, index) in ranked(p).into_iter().enumerate().rev() {
        smallest = smallest.min(p[index] * float(count(p.len())) / float(count(rank + 1)));
        adjusted[index] = smallest;
    }
    adjusted
}

fn ranked(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(adjusted: &[f64], expected: &[f64]) {
        for (adjusted, expected) in adjusted.iter().zip(expected) {
            assert!((adjusted - expected).abs() < 1e-12, "{adjusted} is not {expected}");
        }
        assert_eq!(adjusted.len(), expected.len());
    }

    // Reference: R 4.3, p.adjust(c(0.04, 0.01, 0.03, 0.005), "holm") and "BH".
    #[test]
    fn adjusted_values_are_those_of_the_reference() {
        let p = [0.04, 0.01, 0.03, 0.005];
        check(&holm(&p), &[0.06, 0.03, 0.06, 0.02]);
        check(&benjamini_hochberg(&p), &[0.04, 0.02, 0.04, 0.02]);
        check(&holm(&[]), &[]);
        check(&holm(&[0.7, 0.8]), &[1.0, 1.0]);
    }
}
