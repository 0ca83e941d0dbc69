//! From text to terms: words, spelling, synonyms, stop words, stems.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use regex::Regex;

use crate::spelling::Vocabulary;

const STOP_WORDS: &str = include_str!("../data/stop_words.txt");
const UPSET_WORDS: &str = include_str!("../data/upset_words.txt");
const SYNONYMS: &str = include_str!("../data/synonyms.txt");
const GROUPS: &str = include_str!("../data/groups.txt");

/// The longest phrase of the synonym table, in words.
const LONGEST_PHRASE: usize = 6;

/// Terms that exclude each other, such as the names of plans.
#[derive(Debug)]
pub(crate) struct Group {
    /// What is left of the score of a sentence that names another term of the group than the question.
    pub(crate) factor: f64,
    pub(crate) terms: BTreeSet<String>,
}

impl Group {
    fn read(line: &str) -> Result<Self> {
        let (factor, terms) = line.split_once(' ').context("failed to read the table of groups")?;
        let factor = factor.parse().context("failed to read the factor of a group")?;
        Ok(Self { factor, terms: terms.split_whitespace().map(stem).collect() })
    }
}

/// The tables that turn text into terms.
#[derive(Debug)]
pub(crate) struct Lexicon {
    word: Regex,
    stop_words: BTreeSet<String>,
    upset_words: BTreeSet<String>,
    phrases: BTreeMap<Vec<String>, String>,
    canonical: BTreeSet<String>,
    groups: Vec<Group>,
    vocabulary: Vocabulary,
}

impl Lexicon {
    /// Reads the tables and learns the words of the given texts.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self> {
        let word =
            Regex::new(r"cn-?\d{3}|24/7|\p{N}*\p{L}[\p{L}\p{N}]*(?:'\p{L}+)*|\d+(?:[.,]\d+)*")
                .context("failed to compile the word pattern")?;
        let mut lexicon = Self {
            word,
            stop_words: lines(STOP_WORDS)
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect(),
            upset_words: lines(UPSET_WORDS)
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect(),
            phrases: BTreeMap::new(),
            canonical: BTreeSet::new(),
            groups: lines(GROUPS).map(Group::read).collect::<Result<_>>()?,
            vocabulary: Vocabulary::default(),
        };
        for line in lines(SYNONYMS) {
            let (canonical, phrases) =
                line.split_once(':').context("failed to read the synonym table")?;
            lexicon.canonical.extend(canonical.split_whitespace().map(str::to_owned));
            for phrase in phrases.split(',').chain((!canonical.contains(' ')).then_some(canonical))
            {
                let words = lexicon.words(phrase);
                for word in words.iter().filter(|_| canonical != "-") {
                    lexicon.vocabulary.add(word);
                }
                lexicon
                    .phrases
                    .insert(words.iter().map(|word| stem(word)).collect(), canonical.to_owned());
            }
        }
        for word in lexicon.stop_words.union(&lexicon.upset_words) {
            lexicon.vocabulary.add(word);
        }
        for text in texts {
            for word in lexicon.words(text) {
                lexicon.vocabulary.add(&word);
            }
        }
        Ok(lexicon)
    }

    /// Returns the lower-case words of a text.
    pub(crate) fn words(&self, text: &str) -> Vec<String> {
        let lower = text.to_lowercase().replace('’', "'");
        self.word.find_iter(&lower).map(|found| found.as_str().to_owned()).collect()
    }

    /// Returns the terms of a text that is spelled right.
    pub(crate) fn terms(&self, text: &str) -> Vec<String> {
        self.reduce(&self.words(text))
    }

    /// Returns the terms of a text that a person typed in a hurry.
    pub(crate) fn corrected_terms(&self, text: &str) -> Vec<String> {
        let words: Vec<String> =
            self.words(text).iter().map(|word| self.vocabulary.correct(word)).collect();
        self.reduce(&words)
    }

    /// Says whether a term is a subject of its own in the synonym table.
    pub(crate) fn is_subject(&self, term: &str) -> bool {
        self.canonical.contains(term) || self.is_grouped(term)
    }

    /// Says whether a word, perhaps misspelled, is one that the assistant knows.
    pub(crate) fn is_known(&self, word: &str) -> bool {
        self.vocabulary.contains(&self.vocabulary.correct(&word.to_lowercase()))
    }

    /// Says whether a term belongs to a group of terms that exclude each other.
    pub(crate) fn is_grouped(&self, term: &str) -> bool {
        self.groups.iter().any(|group| group.terms.contains(term))
    }

    /// Returns the groups of terms that exclude each other.
    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Says whether a word carries no topic.
    pub(crate) fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// Says whether a message has the words of an upset person.
    pub(crate) fn is_upset(&self, message: &str) -> bool {
        self.words(message).iter().any(|word| self.upset_words.contains(word))
    }

    fn reduce(&self, words: &[String]) -> Vec<String> {
        let words: Vec<&String> = words.iter().filter(|word| !is_small_number(word)).collect();
        let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
        let mut terms = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let longest = LONGEST_PHRASE.min(words.len() - at);
            let phrase = (1..=longest)
                .rev()
                .find_map(|n| self.phrases.get(&stems[at..at + n]).map(|canonical| (n, canonical)));
            if let Some((n, canonical)) = phrase {
                if canonical != "-" {
                    terms.extend(canonical.split_whitespace().map(str::to_owned));
                }
                at += n;
                continue;
            }
            if !self.stop_words.contains(words[at]) && !self.upset_words.contains(words[at]) {
                terms.push(stems[at].clone());
            }
            at += 1;
        }
        terms
    }
}

/// Returns the lines of a table, without comments and blank lines.
pub(crate) fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// Says whether a word is a number too small to be an error code or a year: such numbers part phrases ("add 3 seats").
fn is_small_number(word: &str) -> bool {
    word.len() < 3 && word.chars().all(|c| c.is_ascii_digit())
}

/// Cuts the common English endings off a word.
fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let length = word.chars().count();
    if length < 4 || word.chars().any(|c| c.is_ascii_digit()) {
        return word.to_owned();
    }
    if let Some(root) = word.strip_suffix("ies") {
        return format!("{root}y");
    }
    let plural = word.strip_suffix('s').filter(|root| !root.ends_with(['s', 'u', 'i']));
    let word = plural.unwrap_or(word);
    for ending in ["ing", "ed"] {
        if let Some(root) = word.strip_suffix(ending)
            && root.chars().count() >= 4
        {
            return root.trim_end_matches('e').to_owned();
        }
    }
    word.trim_end_matches('e').to_owned()
}
