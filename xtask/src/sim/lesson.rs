//! The procedure of the lesson: Welch's t on unpaired scores, at least ten of them, and a threshold for the difference.

use evalward_stats::Level;
use evalward_stats::comparison::welch_t;

/// Tells whether the lesson blocks the candidate: `p < 0.05` and a loss of at least the threshold.
pub(super) fn blocks(baseline: &[f64], candidate: &[f64], threshold: f64) -> bool {
    if baseline.len() < 10 || candidate.len() < 10 {
        return false;
    }
    let Ok(test) = welch_t(candidate, baseline, Level::P95) else { return false };
    let mean = |scores: &[f64]| evalward_stats::mean(scores).unwrap_or(0.0);
    let effect = mean(candidate) - mean(baseline);
    test.p_two_sided.is_some_and(|p| p < 0.05) && effect <= -threshold + 1e-12
}
