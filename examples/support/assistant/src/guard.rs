//! What the assistant refuses before it looks anything up.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use regex::{Regex, RegexBuilder};

use crate::lexicon::{Lexicon, lines};

const GUARDS: &str = include_str!("../data/guards.txt");
const FOREIGN_WORDS: &str = include_str!("../data/foreign_words.txt");

/// The longest question that is answered, in characters.
const LONGEST_QUESTION: usize = 2_000;

/// Why a question is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Empty,
    TooLong,
    Injection,
    Private,
    Competitor,
    Language,
    OffScope,
}

impl Refusal {
    /// Returns the sentences that tell the customer.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Empty => {
                "It looks like your message arrived empty. Please type your question about Cobblenote, for example about plans, \
                 billing or a problem with a page."
            }
            Self::TooLong => {
                "I'm sorry, but your message is too long for me to read. Please ask your question about Cobblenote again \
                 in a few sentences."
            }
            Self::Injection => {
                "I'm sorry, but I can't help with that, because I can't change how I work or share my instructions. I \
                 can answer questions about Cobblenote plans, features and billing."
            }
            Self::Private => {
                "I'm sorry, but I can't help with that, because I can't share internal or other customers' information. \
                 I can answer questions about Cobblenote plans, features and billing."
            }
            Self::Competitor => {
                "I'm sorry, but I can't help with that, because I don't compare Cobblenote with other products. I can \
                 describe what Cobblenote offers and what its plans cost."
            }
            Self::Language => {
                "I'm sorry, but I can only answer questions in English. Please ask your question in English and I will \
                 do my best to answer it."
            }
            Self::OffScope => {
                "I'm sorry, but I can't help with that, because I only answer questions about Cobblenote: its plans, \
                 features, billing, cancellation and troubleshooting."
            }
        }
    }
}

/// The tables of what is refused.
#[derive(Debug)]
pub(crate) struct Guard {
    patterns: Vec<(Refusal, Regex)>,
    languages: Vec<BTreeSet<String>>,
}

impl Guard {
    /// Reads the tables.
    pub(crate) fn new() -> Result<Self> {
        let mut patterns = Vec::new();
        for line in lines(GUARDS) {
            let (kind, pattern) =
                line.split_once(':').context("failed to read the table of guards")?;
            let refusal = match kind {
                "injection" => Refusal::Injection,
                "private" => Refusal::Private,
                _ => Refusal::Competitor,
            };
            let pattern = RegexBuilder::new(pattern.trim()).case_insensitive(true).build()?;
            patterns.push((refusal, pattern));
        }
        let languages = lines(FOREIGN_WORDS)
            .filter_map(|line| line.split_once(':'))
            .map(|(_, words)| words.split_whitespace().map(str::to_owned).collect())
            .collect();
        Ok(Self { patterns, languages })
    }

    /// Returns why a question is refused, or `None` where it may be looked up.
    pub(crate) fn refusal(&self, question: &str, lexicon: &Lexicon) -> Option<Refusal> {
        if !question.chars().any(char::is_alphanumeric) {
            return Some(Refusal::Empty);
        }
        if question.chars().count() > LONGEST_QUESTION {
            return Some(Refusal::TooLong);
        }
        for (refusal, pattern) in &self.patterns {
            let Some(found) = pattern.captures(question) else { continue };
            let known = found.name("name").is_some_and(|name| lexicon.is_known(name.as_str()));
            if !known {
                return Some(*refusal);
            }
        }
        self.is_foreign(question, lexicon).then_some(Refusal::Language)
    }

    fn is_foreign(&self, question: &str, lexicon: &Lexicon) -> bool {
        let letters = question.chars().filter(|c| c.is_alphabetic()).count();
        let foreign_letters =
            question.chars().filter(|c| c.is_alphabetic() && u32::from(*c) > 0x24F).count();
        if foreign_letters * 3 > letters {
            return true;
        }
        let words = lexicon.words(question);
        let english = words.iter().filter(|word| lexicon.is_stop_word(word)).count();
        let most = self
            .languages
            .iter()
            .map(|language| words.iter().filter(|word| language.contains(*word)).count());
        let foreign = most.max().unwrap_or(0);
        foreign > english && (foreign >= 2 || words.len() <= 3)
    }
}
