//! From counts to chrF.

use evalward_core::{ChrfCounts, Finite};

use crate::fraction::u64_to_f64;

/// What stands for the precision or recall of an order that does not occur.
const EPSILON: f64 = 1e-16;

/// Returns the chrF of a corpus from the sums of its counts, or of an example from its own, from 0 to 100.
///
/// Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation", section 2:
/// `(1 + β²) P R / (β² P + R)`, with P and R the means over the orders that both sides have. With `eps_smoothing` it is the mean
/// over all orders of their F-scores.
pub fn corpus_chrf(counts: &ChrfCounts) -> Finite {
    let factor = f64::from(counts.beta) * f64::from(counts.beta);
    let value = if counts.eps_smoothing {
        mean_of_scores(counts, factor)
    } else {
        score_of_means(counts, factor)
    };
    // Rounding may carry a perfect score past the end of its scale.
    Finite::new((100.0 * value).min(100.0)).unwrap_or(Finite::ZERO)
}

// The order of the operations is that of sacrebleu, so that the same of two references is the best one.
fn mean_of_scores(counts: &ChrfCounts, factor: f64) -> f64 {
    let ratio = |part: u64, whole: u64| {
        if whole > 0 { u64_to_f64(part) / u64_to_f64(whole) } else { EPSILON }
    };
    let mut sum = 0.0;
    for &[output, reference, both] in &counts.orders {
        let (precision, recall) = (ratio(both, output), ratio(both, reference));
        let denominator = factor * precision + recall;
        sum += if denominator > 0.0 {
            (1.0 + factor) * precision * recall / denominator
        } else {
            EPSILON
        };
    }
    sum / number_of(counts.orders.len())
}

fn score_of_means(counts: &ChrfCounts, factor: f64) -> f64 {
    let (mut precision, mut recall, mut effective) = (0.0, 0.0, 0_usize);
    for &[output, reference, both] in &counts.orders {
        if output > 0 && reference > 0 {
            precision += u64_to_f64(both) / u64_to_f64(output);
            recall += u64_to_f64(both) / u64_to_f64(reference);
            effective += 1;
        }
    }
    if effective == 0 || precision + recall <= 0.0 {
        return 0.0;
    }
    precision /= number_of(effective);
    recall /= number_of(effective);
    (1.0 + factor) * precision * recall / (factor * precision + recall)
}

fn number_of(count: usize) -> f64 {
    u64_to_f64(u64::try_from(count).unwrap_or(u64::MAX))
}
