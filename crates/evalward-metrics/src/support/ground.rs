//! What a context has.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::words::{Word, words};
use crate::facts::{FactIndex, is_negation};

/// The most pairs of sentences that are compared for their negations; beyond it the whole context counts as one sentence.
const MAX_PAIRS: usize = 50_000;

/// How much of a sentence's content words another must have for their negations to be compared.
const SAME_SUBJECT: (usize, usize) = (1, 3);

/// The words, sentences and facts of a context.
#[derive(Debug)]
pub(super) struct Ground {
    stems: BTreeSet<String>,
    sentences: Vec<Sentence>,
    pub(super) facts: FactIndex,
}

/// A sentence and what is compared of it.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    /// Where its first negation stands.
    pub(super) negation: Option<Range<usize>>,
    pub(super) is_question: bool,
    content: BTreeSet<String>,
    pub(super) span: Range<usize>,
}

impl Sentence {
    fn new(text: &str, start: usize) -> Self {
        let words = words(text, start);
        let negation = text
            .split_word_bound_indices()
            .find(|(_, word)| is_negation(&word.to_lowercase()))
            .map(|(at, word)| start + at..start + at + word.len());
        let content = words.iter().filter(|word| word.is_content).map(|word| word.stem.clone());
        Self {
            content: content.collect(),
            words,
            negation,
            is_question: text.trim_end().ends_with(['?', '？']),
            span: start..start + text.trim_end().len(),
        }
    }
}

/// Splits a text into sentences by the rules of Unicode (UAX 29).
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let sentences = text.split_sentence_bound_indices();
    sentences
        .map(|(start, sentence)| Sentence::new(sentence, start))
        .filter(|it| !it.words.is_empty())
        .collect()
}

impl Ground {
    pub(super) fn new(texts: &[&str]) -> Self {
        let sentences: Vec<Sentence> = texts.iter().flat_map(|text| sentences(text)).collect();
        let words = sentences.iter().flat_map(|sentence| &sentence.words);
        Self {
            stems: words.map(|word| word.stem.clone()).collect(),
            facts: FactIndex::new(texts.iter().copied()),
            sentences,
        }
    }

    pub(super) fn has(&self, word: &Word) -> bool {
        self.stems.contains(&word.stem)
    }

    /// Returns the sentences that say the opposite of the context's nearest one: the one is negated, the other is not.
    pub(super) fn opposed<'s>(&self, statements: &[&'s Sentence]) -> Vec<&'s Sentence> {
        if statements.len().saturating_mul(self.sentences.len()) > MAX_PAIRS {
            let any = self.sentences.iter().any(|sentence| sentence.negation.is_some());
            return statements.iter().copied().filter(|it| it.negation.is_some() && !any).collect();
        }
        statements.iter().copied().filter(|statement| self.opposes(statement)).collect()
    }

    fn opposes(&self, statement: &Sentence) -> bool {
        let overlaps: Vec<(usize, &Sentence)> = self
            .sentences
            .iter()
            .map(|sentence| (statement.content.intersection(&sentence.content).count(), sentence))
            .collect();
        let best = overlaps.iter().map(|(overlap, _)| *overlap).max().unwrap_or(0);
        let (part, whole) = SAME_SUBJECT;
        if best == 0 || best * whole < statement.content.len() * part {
            return false;
        }
        // Where several sentences are as near, one that agrees is enough.
        let mut nearest = overlaps.iter().filter(|(overlap, _)| *overlap == best);
        nearest.all(|(_, sentence)| sentence.negation.is_some() != statement.negation.is_some())
    }
}
