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
    let mut bag = Bag::with_room(output.len() / 4);
    let in_output = bag.fill(output, *options);
    let (shared, in_reference) = bag.take(reference, *options);
    let (Some(of_output), Some(of_reference)) =
        (NonZeroUsize::new(in_output), NonZeroUsize::new(in_reference))
    else {
        let both_empty = Finite::from(in_output == in_reference);
        return Extents {
            precision: both_empty,
            recall: both_empty,
            f1: both_empty,
            shared: 0,
            in_output,
            in_reference,
        };
    };
    Extents::of(shared, of_output, of_reference)
}

/// The tokens of one text, each as often as it was not matched yet.
#[derive(Debug)]
struct Bag {
    vocabulary: Vocabulary,
    /// By the number of the token.
    unmatched: Vec<u32>,
}

impl Bag {
    fn with_room(tokens: usize) -> Self {
        Self { vocabulary: Vocabulary::with_room(tokens), unmatched: Vec::with_capacity(tokens) }
    }

    /// Puts in the tokens of a text, and returns how many there are.
    fn fill(&mut self, text: &str, options: TokenF1Options) -> usize {
        let mut tokens = 0;
        for_each_token(text, options, |token| {
            tokens += 1;
            let token = index(match token {
                Token::AnyCase { text, start, end } => {
                    self.vocabulary.number_in_lower_case(text, start, end)
                }
                Token::Final(token) => self.vocabulary.number(token),
            });
            if token >= self.unmatched.len() {
                self.unmatched.resize(token + 1, 0);
            }
            self.unmatched[token] += 1;
        });
        tokens
    }

    /// Takes out the tokens of a text, and returns how many of them were there, and how many there are.
    fn take(&mut self, text: &str, options: TokenF1Options) -> (usize, usize) {
        let (mut shared, mut tokens) = (0, 0);
        for_each_token(text, options, |token| {
            tokens += 1;
            let token = match token {
                Token::AnyCase { text, start, end } => {
                    self.vocabulary.find_in_lower_case(text, start, end)
                }
                Token::Final(token) => self.vocabulary.find(token),
            };
            if let Some(left @ 1..) = token.and_then(|token| self.unmatched.get_mut(index(token))) {
                *left -= 1;
                shared += 1;
            }
        });
        (shared, tokens)
    }
}

/// A token of a text that is normalised.
enum Token<'a> {
    /// Letters and digits of ASCII at these bytes of a text, which count in lower case.
    AnyCase { text: &'a [u8], start: usize, end: usize },
    /// As it counts.
    Final(&'a [u8]),
}

fn for_each_token(text: &str, options: TokenF1Options, mut give: impl FnMut(Token<'_>)) {
    let TokenF1Options { normalization, tokens } = options;
    match (normalization, tokens) {
        (Normalization::Squad, TokenBoundary::Whitespace) if is_plain_ascii(text) => {
            let text = text.as_bytes();
            let mut words = SquadWords::new(text);
            while let Some(word) = words.next() {
                let (text, start, end) = match word {
                    SquadWord::Span(start, end) => (text, start, end),
                    SquadWord::Joined => (words.bytes(word), 0, words.bytes(word).len()),
                };
                give(Token::AnyCase { text, start, end });
            }
        }
        _ => for_each_part(&normalization.apply(text), tokens, |token| {
            give(Token::Final(token.as_bytes()));
        }),
    }
}

fn for_each_part<'a>(text: &'a str, boundary: TokenBoundary, give: impl FnMut(&'a str)) {
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
        for_each_part(&reference, tokens, |token| *unmatched.entry(token).or_default() += 1);
        let mut shared = Vec::new();
        for_each_part(&output, tokens, |token| {
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
