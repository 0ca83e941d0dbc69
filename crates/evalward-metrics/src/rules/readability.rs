//! How easy an English output is to read.

use std::ops::Range;

use evalward_core::{NumberRange, Readability};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use super::assessment::Assessment;
use super::syllables::Syllables;
use crate::wording::{span_with_text, whole};
use crate::{MetricError, Place};

/// With fewer words the formulas tell nothing; they were fitted on passages of about a hundred.
const FEWEST_WORDS: u32 = 10;

/// How much of the output the language is told from.
const LANGUAGE_BYTES: usize = 4096;

/// A sentence of fewer words is not shown as the hardest: one long word makes it look so.
const SENTENCE_WORDS: u32 = 5;

/// The output must be as easy to read as this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadabilityRule {
    flesch: Option<NumberRange>,
    grade: Option<NumberRange>,
}

/// What the formulas rest on.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    sentences: u32,
    words: u32,
    syllables: u32,
}

/// A sentence with what it counts.
#[derive(Clone, Debug)]
struct Sentence {
    span: Range<usize>,
    counts: Counts,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.sentences = self.sentences.saturating_add(other.sentences);
        self.words = self.words.saturating_add(other.words);
        self.syllables = self.syllables.saturating_add(other.syllables);
    }

    /// The words of a sentence and the syllables of a word, on average; there is a word, and so a sentence.
    fn ratios(self) -> (f64, f64) {
        let words = f64::from(self.words.max(1));
        (words / f64::from(self.sentences.max(1)), f64::from(self.syllables) / words)
    }

    /// Flesch reading ease: Flesch 1948, "A new readability yardstick", in the form of Kincaid et al. 1975.
    fn flesch(self) -> f64 {
        let (sentence, word) = self.ratios();
        206.835 - 1.015 * sentence - 84.6 * word
    }

    /// Flesch-Kincaid grade: Kincaid et al. 1975, "Derivation of new readability formulas for Navy enlisted personnel".
    fn grade(self) -> f64 {
        let (sentence, word) = self.ratios();
        0.39 * sentence + 11.8 * word - 15.59
    }
}

impl ReadabilityRule {
    pub(crate) const NAME: &'static str = "readability";

    pub(crate) fn compile(rule: Readability, place: &Place) -> Result<Self, MetricError> {
        let place = || place.at(Self::NAME);
        let Readability { flesch, grade } = rule;
        let ranges: Vec<NumberRange> = flesch.into_iter().chain(grade).collect();
        if ranges.is_empty() {
            let why = "it names neither `flesch` nor `grade`";
            return Err(MetricError::CannotFail { place: place(), why });
        }
        for range in ranges {
            match (range.min, range.max) {
                (None, None) => {
                    let why = "a range has neither `min` nor `max`";
                    return Err(MetricError::CannotFail { place: place(), why });
                }
                (Some(min), Some(max)) if min.get() > max.get() => {
                    let why = "`min` is larger than `max`";
                    return Err(MetricError::CannotHold { place: place(), why });
                }
                _ => {}
            }
        }
        Ok(Self { flesch, grade })
    }

    pub(crate) fn assess(self, text: &str) -> Assessment {
        let sentences = sentences(text);
        let mut counts = Counts::default();
        for sentence in &sentences {
            counts.add(sentence.counts);
        }
        if counts.words < FEWEST_WORDS {
            return Assessment::errored(format!(
                "the readability of a text with fewer than {FEWEST_WORDS} words cannot be told"
            ));
        }
        if let Some(language) = other_language(text) {
            return Assessment::errored(format!(
                "the formulas are made for English, the text is in {language}"
            ));
        }
        let problems: Vec<String> = [
            (self.flesch, counts.flesch(), "Flesch reading ease"),
            (self.grade, counts.grade(), "grade"),
        ]
        .into_iter()
        .filter_map(|(range, value, name)| problem(range?, value, name))
        .collect();
        let assessment = if problems.is_empty() {
            Assessment::passed()
        } else {
            Assessment::failed(problems.join(" and "), self.worst(text, &sentences, counts))
        };
        assessment
            .with("flesch", rounded(counts.flesch()))
            .with("grade", rounded(counts.grade()))
            .with("sentences", counts.sentences)
            .with("words", counts.words)
            .with("syllables", counts.syllables)
    }

    /// Returns the hardest sentence, or the whole where the text is too easy.
    fn worst(self, text: &str, sentences: &[Sentence], all: Counts) -> [Value; 1] {
        let is_above = |range: Option<NumberRange>, value: f64| {
            range.and_then(|range| range.max).is_some_and(|max| value > max.get())
        };
        let is_below = |range: Option<NumberRange>, value: f64| {
            range.and_then(|range| range.min).is_some_and(|min| value < min.get())
        };
        let is_too_hard = is_below(self.flesch, all.flesch()) || is_above(self.grade, all.grade());
        let hardest = sentences
            .iter()
            .filter(|sentence| sentence.counts.words >= SENTENCE_WORDS)
            .max_by(|a, b| a.counts.grade().total_cmp(&b.counts.grade()));
        match hardest.filter(|_| is_too_hard) {
            Some(sentence) => {
                let mut span = span_with_text(text, &sentence.span);
                span["grade"] = json!(rounded(sentence.counts.grade()));
                [span]
            }
            None => whole(text),
        }
    }
}

fn problem(range: NumberRange, value: f64, name: &str) -> Option<String> {
    if range.contains(value) {
        return None;
    }
    let expected = match (range.min, range.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => return None,
    };
    Some(format!("{name} {value:.1}, expected {expected}"))
}

/// Sentences and words by the boundaries of Unicode; a sentence without a word is none.
fn sentences(text: &str) -> Vec<Sentence> {
    let mut syllables = Syllables::default();
    let mut sentences = Vec::new();
    for (start, sentence) in text.split_sentence_bound_indices() {
        let mut counts = Counts { sentences: 1, ..Counts::default() };
        for word in sentence.unicode_words() {
            counts.words = counts.words.saturating_add(1);
            counts.syllables = counts.syllables.saturating_add(syllables.of(word));
        }
        if counts.words > 0 {
            let span = start..start + sentence.trim_end().len();
            sentences.push(Sentence { span, counts });
        }
    }
    sentences
}

/// Returns the language, where it is clearly not English.
fn other_language(text: &str) -> Option<&'static str> {
    let (beginning, _) = text.split_at(text.floor_char_boundary(LANGUAGE_BYTES));
    let detected = whatlang::detect(beginning)?;
    (detected.is_reliable() && detected.lang() != whatlang::Lang::Eng)
        .then(|| detected.lang().eng_name())
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
