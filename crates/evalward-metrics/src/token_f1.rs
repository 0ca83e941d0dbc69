//! Overlap of words with a reference.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Score};
use serde_json::json;

use crate::wording::NO_REFERENCE;
use crate::words::{
    SquadWord, SquadWords, Vocabulary, index, is_plain_ascii, unicode_words, words,
};
use crate::{Extents, Normalization, TokenBoundary};

/// How many shared tokens the detail lists; the counts say when there are more.
const LISTED_TOKENS: usize = 100;

/// How tokens are made; the default is that of `SQuAD`'s evaluation script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenF1Options {
    /// What both sides undergo before they are split; that of `SQuAD` by default.
    pub normalization: Normalization,
    /// Where they are split; at white space by default.
    pub tokens: TokenBoundary,
}

impl Default for TokenF1Options {
    fn default() -> Self {
        Self { normalization: Normalization::Squad, tokens: TokenBoundary::Whitespace }
    }
}

/// Returns the overlap of the tokens of two texts, counted with repetition, as `SQuAD`'s evaluation script computes it.
///
/// Two texts without tokens overlap completely, as in the script of `SQuAD` 2.0; one without tokens overlaps with nothing else.
/// Rajpurkar et al. (2016), "SQuAD: 100,000+ Questions for Machine Comprehension of Text", section 6.1, and Rajpurkar, Jia and
/// Liang (2018), "Know What You Don't Know".
pub fn token_f1(output: &str, reference: &str, options: &TokenF1Options) -> Extents {
    let mut vocabulary = Vocabulary::with_room((output.len() + reference.len()) / 8);
    let output = numbers(output, *options, &mut vocabulary);
    let in_output = vocabulary.len();
    let reference = numbers(reference, *options, &mut vocabulary);
    let (Some(of_output), Some(of_reference)) =
        (NonZeroUsize::new(output.len()), NonZeroUsize::new(reference.len()))
    else {
        let both_empty = Finite::from(output.len() == reference.len());
        return Extents {
            precision: both_empty,
            recall: both_empty,
            f1: both_empty,
            shared: 0,
            in_output: output.len(),
            in_reference: reference.len(),
        };
    };
    let mut unmatched = vec![0_u32; vocabulary.len()];
    for &token in &output {
        unmatched[index(token)] += 1;
    }
    let mut shared = 0;
    // Numbers that only the reference has are not below those of the output.
    for &token in reference.iter().filter(|&&token| index(token) < in_output) {
        let left = &mut unmatched[index(token)];
        shared += usize::from(*left > 0);
        *left = left.saturating_sub(1);
    }
    Extents::of(shared, of_output, of_reference)
}

fn numbers(text: &str, options: TokenF1Options, vocabulary: &mut Vocabulary) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(text.len() / 4);
    let TokenF1Options { normalization, tokens } = options;
    match (normalization, tokens) {
        (Normalization::Squad, TokenBoundary::Whitespace) if is_plain_ascii(text) => {
            let bytes = text.as_bytes();
            for word in SquadWords::new(bytes) {
                numbers.push(match word {
                    SquadWord::Span(start, end) => {
                        vocabulary.number_in_lower_case(bytes, start, end)
                    }
                    SquadWord::Joined(bytes) => vocabulary.number(&bytes.to_ascii_lowercase()),
                });
            }
        }
        _ => for_each_token(&normalization.apply(text), tokens, |token| {
            numbers.push(vocabulary.number(token.as_bytes()));
        }),
    }
    numbers
}

fn for_each_token<'a>(text: &'a str, boundary: TokenBoundary, give: impl FnMut(&'a str)) {
    match boundary {
        TokenBoundary::Whitespace => words(text).for_each(give),
        TokenBoundary::Unicode => unicode_words(text).for_each(give),
    }
}

/// The F1 of tokens against the best reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenF1 {
    /// How tokens are made.
    pub options: TokenF1Options,
}

impl TokenF1 {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let mut best: Option<(usize, &str, Extents)> = None;
        for (index, reference) in example.references().enumerate() {
            let extents = token_f1(output, reference, &self.options);
            if best.as_ref().is_none_or(|(_, _, best)| extents.f1 > best.f1) {
                best = Some((index, reference, extents));
            }
        }
        let Some((index, reference, best)) = best else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let detail = json!({
            "precision": best.precision,
            "recall": best.recall,
            "shared": self.shared(output, reference),
            "shared_tokens": best.shared,
            "output_tokens": best.in_output,
            "reference_tokens": best.in_reference,
            "reference": index,
        });
        Score::fraction(best.f1).with_detail(detail).into()
    }

    /// Returns the first tokens of the output that the reference has, in order.
    fn shared(self, output: &str, reference: &str) -> Vec<String> {
        let TokenF1Options { normalization, tokens } = self.options;
        let (output, reference) = (normalization.apply(output), normalization.apply(reference));
        let mut unmatched: BTreeMap<&str, usize> = BTreeMap::new();
        for_each_token(&reference, tokens, |token| *unmatched.entry(token).or_default() += 1);
        let mut shared = Vec::new();
        for_each_token(&output, tokens, |token| {
            if shared.len() < LISTED_TOKENS
                && let Some(left @ 1..) = unmatched.get_mut(token)
            {
                *left -= 1;
                shared.push(token.to_owned());
            }
        });
        shared
    }
}

impl Metric for TokenF1 {
    fn kind(&self) -> &'static str {
        "token_f1"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
