//! What a single response adds to a figure over a whole partition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Finite;

/// What a response adds to a figure that is no mean of scores: a confusion matrix, corpus BLEU, corpus chrF.
///
/// It is stored with the score, so that the figure is a fold over rows and needs no text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Contribution {
    /// The right label and the one that was given.
    Label {
        /// The right label.
        expected: String,
        /// The label that was given; absent where the output is none.
        predicted: Option<String>,
    },
    /// The counts that corpus BLEU is made of.
    Bleu(BleuCounts),
    /// The counts that corpus chrF is made of.
    Chrf(ChrfCounts),
}

/// The counts of BLEU; those of a corpus are the sums over its examples.
///
/// Papineni et al. (2002), "BLEU: a Method for Automatic Evaluation of Machine Translation", section 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BleuCounts {
    /// For each order from 1, the n-grams of the output that a right answer has.
    pub matches: Vec<u64>,
    /// For each order from 1, the n-grams of the output.
    pub totals: Vec<u64>,
    /// The tokens of the output.
    pub output_tokens: u64,
    /// The tokens of the right answer whose length is nearest.
    pub reference_tokens: u64,
    /// What becomes of orders without a match.
    pub smoothing: BleuSmoothing,
    /// The value of `floor` and `add-k`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smoothing_value: Option<Finite>,
}

impl BleuCounts {
    /// Adds the counts of another example; how to smooth stays as it is here.
    pub fn add(&mut self, other: &Self) {
        add_orders(&mut self.matches, &other.matches, 0, sum);
        add_orders(&mut self.totals, &other.totals, 0, sum);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.reference_tokens = self.reference_tokens.saturating_add(other.reference_tokens);
    }
}

/// What BLEU makes of orders without a match, as sacrebleu names it.
///
/// Chen and Cherry (2014), "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum BleuSmoothing {
    /// Nothing: one order without a match makes the whole 0.
    None,
    /// A small count in place of 0.
    Floor,
    /// A count added to matches and totals of the orders above 1.
    AddK,
    /// Each order without a match counts half of the one before.
    #[default]
    Exp,
}

/// The counts of chrF; those of a corpus are the sums over its examples.
///
/// Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChrfCounts {
    /// For each order, characters first: n-grams of the output, of the right answer, and of both.
    pub orders: Vec<[u64; 3]>,
    /// How much more recall weighs than precision.
    pub beta: u8,
    /// Whether a small number smooths in place of the effective order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub eps_smoothing: bool,
}

impl ChrfCounts {
    /// Adds the counts of another example; how they are weighed stays as it is here.
    pub fn add(&mut self, other: &Self) {
        add_orders(&mut self.orders, &other.orders, [0; 3], |left, right| {
            [sum(left[0], right[0]), sum(left[1], right[1]), sum(left[2], right[2])]
        });
    }
}

const fn sum(left: u64, right: u64) -> u64 {
    left.saturating_add(right)
}

/// Adds order by order; the sum has as many orders as the longer of both.
fn add_orders<T: Copy>(sums: &mut Vec<T>, counts: &[T], zero: T, add: impl Fn(T, T) -> T) {
    sums.resize(sums.len().max(counts.len()), zero);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum = add(*sum, *count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_order_by_order() {
        let counts = |matches: &[u64], tokens| BleuCounts {
            matches: matches.to_vec(),
            totals: matches.to_vec(),
            output_tokens: tokens,
            reference_tokens: tokens,
            smoothing: BleuSmoothing::Exp,
            smoothing_value: None,
        };
        let mut sum = counts(&[3], 3);
        sum.add(&counts(&[4, 2], u64::MAX));
        assert_eq!(sum.matches, [7, 2]);
        assert_eq!((sum.output_tokens, sum.reference_tokens), (u64::MAX, u64::MAX));
        let counts = |orders: &[[u64; 3]]| ChrfCounts {
            orders: orders.to_vec(),
            beta: 2,
            eps_smoothing: false,
        };
        let mut sum = counts(&[[1, 2, 3], [4, 5, 6]]);
        sum.add(&counts(&[[1, 1, 1]]));
        assert_eq!(sum, counts(&[[2, 3, 4], [4, 5, 6]]));
    }
}
