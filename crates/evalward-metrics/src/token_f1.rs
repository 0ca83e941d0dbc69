//! Overlap of words with a reference.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Score};
use serde_json::json;

use crate::Normalization;
use crate::fraction::{harmonic_mean, share};
use crate::normalization::words;
use crate::wording::NO_REFERENCE;

/// How many shared tokens the detail lists; the counts say when there are more.
const LISTED_TOKENS: usize = 100;

/// The F1 of tokens against the best reference, as `SQuAD`'s evaluation script computes it.
///
/// Tokens are what white space separates after normalisation, counted with repetition. Two texts without tokens score 1, as in
/// the script of `SQuAD` 2.0; one text without tokens scores 0.
///
/// Rajpurkar et al. (2016), "SQuAD: 100,000+ Questions for Machine Comprehension of Text", section 6.1, and
/// Rajpurkar, Jia and Liang (2018), "Know What You Don't Know".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenF1 {
    /// What both sides undergo before they are split; that of `SQuAD` by default.
    pub normalization: Normalization,
}

impl Default for TokenF1 {
    fn default() -> Self {
        Self { normalization: Normalization::Squad }
    }
}

struct Overlap<'a> {
    precision: Finite,
    recall: Finite,
    f1: Finite,
    shared: Vec<&'a str>,
    reference_tokens: usize,
}

impl TokenF1 {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let output = self.normalization.apply(output);
        let output_tokens: Vec<&str> = words(&output).collect();
        let mut best: Option<(usize, Overlap<'_>)> = None;
        for (index, reference) in example.references().enumerate() {
            let overlap = overlap(&output_tokens, &self.normalization.apply(reference));
            if best.as_ref().is_none_or(|(_, best)| overlap.f1 > best.f1) {
                best = Some((index, overlap));
            }
        }
        let Some((index, best)) = best else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let listed: Vec<_> = best.shared.iter().take(LISTED_TOKENS).collect();
        let detail = json!({
            "precision": best.precision,
            "recall": best.recall,
            "shared": listed,
            "shared_tokens": best.shared.len(),
            "output_tokens": output_tokens.len(),
            "reference_tokens": best.reference_tokens,
            "reference": index,
        });
        Score::fraction(best.f1).with_detail(detail).into()
    }
}

fn overlap<'a>(output_tokens: &[&'a str], reference: &str) -> Overlap<'a> {
    let mut unmatched: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reference_tokens = 0;
    for token in words(reference) {
        *unmatched.entry(token).or_default() += 1;
        reference_tokens += 1;
    }
    let (Some(of_output), Some(of_reference)) =
        (NonZeroUsize::new(output_tokens.len()), NonZeroUsize::new(reference_tokens))
    else {
        let both_empty = Finite::from(output_tokens.len() == reference_tokens);
        return Overlap {
            precision: both_empty,
            recall: both_empty,
            f1: both_empty,
            shared: Vec::new(),
            reference_tokens,
        };
    };
    let mut shared = Vec::new();
    for token in output_tokens {
        if let Some(left @ 1..) = unmatched.get_mut(token) {
            *left -= 1;
            shared.push(*token);
        }
    }
    let precision = share(shared.len(), of_output);
    let recall = share(shared.len(), of_reference);
    Overlap { precision, recall, f1: harmonic_mean(precision, recall), shared, reference_tokens }
}

impl Metric for TokenF1 {
    fn kind(&self) -> &'static str {
        "token_f1"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
