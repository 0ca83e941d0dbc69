//! From texts to counts.

use std::borrow::Cow;

use evalward_core::ChrfCounts;

use super::formula::corpus_chrf;
use crate::words::{Numbers, Vocabulary, is_white_space, ngrams_in, shared_ngrams, words};

/// How chrF is computed; the default is sacrebleu's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChrfOptions {
    /// The longest n-gram of characters.
    pub character_order: u8,
    /// The longest n-gram of words; 2 makes chrF++.
    pub word_order: u8,
    /// How much more recall weighs than precision.
    pub beta: u8,
    /// Whether case is folded.
    pub lowercase: bool,
    /// Whether white space counts as characters.
    pub whitespace: bool,
    /// Whether a small number smooths in place of the effective order.
    pub eps_smoothing: bool,
}

impl Default for ChrfOptions {
    fn default() -> Self {
        Self {
            character_order: 6,
            word_order: 0,
            beta: 2,
            lowercase: false,
            whitespace: false,
            eps_smoothing: false,
        }
    }
}

/// Returns the counts of an output against the right answer with the best score, and which it is; nothing without one.
///
/// Characters are Unicode scalar values. Words, where they count, are what white space separates; punctuation at the end of a word,
/// else at its start, is a word of its own.
pub fn chrf_counts(
    output: &str,
    references: &[&str],
    options: &ChrfOptions,
) -> Option<(ChrfCounts, usize)> {
    let mut best: Option<(ChrfCounts, usize)> = None;
    for (index, reference) in references.iter().enumerate() {
        let counts = counts(output, reference, *options);
        let better = |(best, _): &(ChrfCounts, usize)| corpus_chrf(&counts) > corpus_chrf(best);
        if best.as_ref().is_none_or(better) {
            best = Some((counts, index));
        }
    }
    best
}

fn counts(output: &str, reference: &str, options: ChrfOptions) -> ChrfCounts {
    let lower = |text| lower(text, options.lowercase);
    let (output, reference) = (lower(output), lower(reference));
    let mut orders =
        Vec::with_capacity(usize::from(options.character_order) + usize::from(options.word_order));
    let mut characters = Characters::new(output.is_ascii() && reference.is_ascii());
    let sides = [&output, &reference].map(|text| characters.of(text, options.whitespace));
    add_orders(&mut orders, sides, characters.distinct(), options.character_order);
    if options.word_order > 0 {
        let mut vocabulary = Vocabulary::with_room((output.len() + reference.len()) / 8);
        let sides = [&output, &reference].map(|text| words_of(text, &mut vocabulary));
        add_orders(&mut orders, sides, vocabulary.len(), options.word_order);
    }
    ChrfCounts { orders, beta: options.beta, eps_smoothing: options.eps_smoothing }
}

fn lower(text: &str, lowercase: bool) -> Cow<'_, str> {
    if lowercase { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

fn add_orders(orders: &mut Vec<[u64; 3]>, sides: [Vec<u32>; 2], distinct: usize, longest: u8) {
    let [output, reference] = sides;
    let lengths = (output.len(), reference.len());
    let shared = shared_ngrams(&output, &[reference], distinct, longest.into());
    for (order, shared) in (1..).zip(shared) {
        let of_reference = ngrams_in(lengths.1, order);
        // As in sacrebleu, an order that the right answer is too short for has no n-gram of the output either.
        let of_output = if of_reference > 0 { ngrams_in(lengths.0, order) } else { 0 };
        orders.push([of_output, of_reference, shared]);
    }
}

/// Numbers for characters; those of ASCII are numbers already.
struct Characters {
    others: Option<Numbers<u64>>,
}

impl Characters {
    fn new(ascii: bool) -> Self {
        Self { others: (!ascii).then(|| Numbers::with_room(128)) }
    }

    fn of(&mut self, text: &str, whitespace: bool) -> Vec<u32> {
        let Some(numbers) = &mut self.others else {
            let mut characters = Vec::with_capacity(text.len());
            characters.extend(
                text.bytes()
                    .filter(|byte| {
                        whitespace || !matches!(byte, b' ' | b'\t'..=b'\r' | 0x1c..=0x1f)
                    })
                    .map(u32::from),
            );
            return characters;
        };
        text.chars()
            .filter(|&letter| whitespace || !is_white_space(letter))
            .map(|letter| numbers.number(u32::from(letter).into()))
            .collect()
    }

    fn distinct(&self) -> usize {
        self.others.as_ref().map_or(128, Numbers::len)
    }
}

fn words_of(text: &str, vocabulary: &mut Vocabulary) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(text.len() / 4);
    for word in words(text) {
        let bytes = word.as_bytes();
        match bytes {
            [_] => numbers.push(vocabulary.number(bytes)),
            [start @ .., last] if last.is_ascii_punctuation() => {
                numbers.push(vocabulary.number(start));
                numbers.push(vocabulary.number(&[*last]));
            }
            [first, end @ ..] if first.is_ascii_punctuation() => {
                numbers.push(vocabulary.number(&[*first]));
                numbers.push(vocabulary.number(end));
            }
            _ => numbers.push(vocabulary.number(bytes)),
        }
    }
    numbers
}
