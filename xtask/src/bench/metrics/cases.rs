//! What is measured.

use crate::bench::beside::Case;

const fn case(
    name: &'static str,
    what: &'static str,
    reference: &'static str,
    target: f64,
) -> Case {
    Case { name, what, reference, target: Some(target), tolerance: Some(1e-9) }
}

/// All cases.
pub(super) const CASES: &[Case] = &[
    case("exact_match", "exact match, SQuAD's rules", "SQuAD's script", 50.0),
    case("token_f1", "token F1, SQuAD's rules", "SQuAD's script", 40.0),
    case("rouge_l", "ROUGE-L", "rouge-score", 150.0),
    case("bleu", "sentence BLEU, 13a", "sacrebleu", 60.0),
    case("chrf", "chrF", "sacrebleu", 25.0),
    case("levenshtein", "Levenshtein similarity", "rapidfuzz", 1.0),
];
