//! From texts to counts.

use evalward_core::{BleuCounts, BleuSmoothing, Finite};

use super::tokens::tokens;
use crate::BleuTokenizer;
use crate::words::{Vocabulary, ngrams_in, shared_ngrams};

/// The longest n-gram.
const ORDERS: usize = 4;

/// How BLEU is computed; the default is sacrebleu's for single sentences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BleuOptions {
    /// What a token is.
    pub tokenizer: BleuTokenizer,
    /// What becomes of orders without a match.
    pub smoothing: BleuSmoothing,
    /// The value of `floor` and `add-k`; 0.1 and 1 where it is absent.
    pub smoothing_value: Option<Finite>,
    /// Whether case is folded.
    pub lowercase: bool,
    /// Whether the score of an example counts only the orders that its output is long enough for.
    pub effective_order: bool,
}

impl Default for BleuOptions {
    fn default() -> Self {
        Self {
            tokenizer: BleuTokenizer::default(),
            smoothing: BleuSmoothing::default(),
            smoothing_value: None,
            lowercase: false,
            effective_order: true,
        }
    }
}

/// Returns the counts of an output against all its right answers at once.
///
/// Papineni et al. (2002), "BLEU: a Method for Automatic Evaluation of Machine Translation", section 2.1: an n-gram counts at most
/// as often as in the one right answer that has most of it. The length of reference is the nearest one, the shorter of two.
pub fn bleu_counts(output: &str, references: &[&str], options: &BleuOptions) -> BleuCounts {
    let characters = output.len() + references.iter().map(|text| text.len()).sum::<usize>();
    let mut vocabulary = Vocabulary::with_room(characters / 8);
    let mut tokens = |text| tokens(text, options.tokenizer, options.lowercase, &mut vocabulary);
    let output = tokens(output);
    let references: Vec<_> = references.iter().map(|text| tokens(text)).collect();
    let nearest = references
        .iter()
        .map(Vec::len)
        .min_by_key(|&length| (length.abs_diff(output.len()), length));
    BleuCounts {
        matches: shared_ngrams(&output, &references, vocabulary.len(), ORDERS),
        totals: (1..=ORDERS).map(|order| ngrams_in(output.len(), order)).collect(),
        output_tokens: ngrams_in(output.len(), 1),
        reference_tokens: ngrams_in(nearest.unwrap_or(0), 1),
        smoothing: options.smoothing,
        smoothing_value: options.smoothing_value,
    }
}
