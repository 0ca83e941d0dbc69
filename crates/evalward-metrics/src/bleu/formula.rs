//! From counts to BLEU.

use evalward_core::{BleuCounts, BleuSmoothing, Finite};

use crate::fraction::u64_to_f64;

/// Returns the BLEU of a corpus from the sums of its counts, from 0 to 100.
///
/// Papineni et al. (2002), "BLEU: a Method for Automatic Evaluation of Machine Translation", section 2.3:
/// `BP exp(Σ 1/4 log p_n)`, with `BP = exp(1 - r/c)` where the output is the shorter. Smoothing is that of Chen and Cherry
/// (2014), as sacrebleu implements it; without a single match the score is 0 under every smoothing.
pub fn corpus_bleu(counts: &BleuCounts) -> Finite {
    bleu(counts, false)
}

/// Returns the BLEU of one example; with the effective order, only the orders count that its output is long enough for.
pub fn sentence_bleu(counts: &BleuCounts, effective_order: bool) -> Finite {
    bleu(counts, effective_order)
}

fn bleu(counts: &BleuCounts, effective_order: bool) -> Finite {
    if counts.matches.iter().all(|&matches| matches == 0) {
        return Finite::ZERO;
    }
    let mut smoothing = Smoothing::new(counts);
    let mut orders = counts.matches.len();
    let mut log_sum = 0.0;
    let mut reached = 0;
    for (&matches, &total) in counts.matches.iter().zip(&counts.totals) {
        let Some(precision) = smoothing.precision(reached, matches, total) else { break };
        reached += 1;
        log_sum += precision.ln();
    }
    if effective_order {
        orders = reached;
    } else if reached < orders {
        // The logarithm of an order that does not occur is minus infinity.
        return Finite::ZERO;
    }
    let mean = log_sum / u64_to_f64(u64::try_from(orders).unwrap_or(u64::MAX));
    // Rounding may carry a perfect score past the end of its scale.
    Finite::new((brevity_penalty(counts) * mean.exp()).min(100.0)).unwrap_or(Finite::ZERO)
}

fn brevity_penalty(counts: &BleuCounts) -> f64 {
    let (output, reference) =
        (u64_to_f64(counts.output_tokens), u64_to_f64(counts.reference_tokens));
    if counts.output_tokens >= counts.reference_tokens {
        1.0
    } else if counts.output_tokens == 0 {
        0.0
    } else {
        (1.0 - reference / output).exp()
    }
}

/// Turns the counts of one order after the other into precisions.
struct Smoothing {
    method: BleuSmoothing,
    value: f64,
    /// What an order without a match is divided by under exponential smoothing.
    divisor: f64,
}

impl Smoothing {
    fn new(counts: &BleuCounts) -> Self {
        let value = counts.smoothing_value.map_or_else(
            || match counts.smoothing {
                BleuSmoothing::Floor => 0.1,
                _ => 1.0,
            },
            Finite::get,
        );
        Self { method: counts.smoothing, value, divisor: 1.0 }
    }

    /// Returns the precision in percent of the order that follows `before` others, or nothing where it has no n-gram.
    fn precision(&mut self, before: usize, matches: u64, total: u64) -> Option<f64> {
        let (mut matches, mut total) = (u64_to_f64(matches), u64_to_f64(total));
        if self.method == BleuSmoothing::AddK && before > 0 {
            matches += self.value;
            total += self.value;
        }
        if total <= 0.0 {
            return None;
        }
        if matches > 0.0 {
            return Some(100.0 * matches / total);
        }
        Some(match self.method {
            BleuSmoothing::None | BleuSmoothing::AddK => 0.0,
            BleuSmoothing::Floor => 100.0 * self.value / total,
            BleuSmoothing::Exp => {
                self.divisor *= 2.0;
                100.0 / (self.divisor * total)
            }
        })
    }
}
