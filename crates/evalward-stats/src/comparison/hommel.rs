//! Hommel's adjusted p-values.

use crate::convert::length_to_f64;

/// Returns Hommel's adjusted p-values of p-values in ascending order.
///
/// Wright (1992), "Adjusted p-values for simultaneous inference", Biometrics 48, the algorithm of its appendix.
pub(super) fn adjust_sorted(p: &[f64]) -> Vec<f64> {
    let mut adjusted = p.to_vec();
    for m in (2..=p.len()).rev() {
        let (head, tail) = p.split_at(p.len() - m);
        let size = length_to_f64(m);
        let smallest = tail
            .iter()
            .enumerate()
            .map(|(rank, p)| size * p / length_to_f64(rank + 1))
            .fold(f64::INFINITY, f64::min);
        let (adjusted_head, adjusted_tail) = adjusted.split_at_mut(head.len());
        for value in adjusted_tail {
            *value = value.max(smallest);
        }
        for (value, p) in adjusted_head.iter_mut().zip(head) {
            *value = value.max((size * p).min(smallest));
        }
    }
    adjusted
}
