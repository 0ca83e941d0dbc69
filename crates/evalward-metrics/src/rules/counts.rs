//! Ranges of counts: words, characters, sentences, tokens.

use evalward_core::CountRange;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::assessment::Assessment;
use crate::wording::{span_with_text, whole};
use crate::{MetricError, Place};

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Words by the word boundaries of Unicode; punctuation is none.
    Words,
    /// Grapheme clusters: what a reader takes for one character.
    Characters,
    /// Sentences by the sentence boundaries of Unicode.
    Sentences,
    /// Words and punctuation marks by the word boundaries of Unicode.
    Tokens,
}

/// A count that must lie in a range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountRule {
    unit: Unit,
    range: CountRange,
}

impl Unit {
    pub(crate) const fn rule(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Characters => "characters",
            Self::Sentences => "sentences",
            Self::Tokens => "tokens",
        }
    }

    const fn singular(self) -> &'static str {
        match self {
            Self::Words => "word",
            Self::Characters => "character",
            Self::Sentences => "sentence",
            Self::Tokens => "token",
        }
    }

    /// Iterates over what is counted, with the byte at which it starts.
    fn items(self, text: &str) -> Box<dyn Iterator<Item = (usize, &str)> + '_> {
        match self {
            Self::Words => Box::new(text.unicode_word_indices()),
            Self::Characters => Box::new(text.grapheme_indices(true)),
            // A sentence has a letter or a digit, as in `UnicodeSegmentation::unicode_sentences`.
            Self::Sentences => Box::new(
                text.split_sentence_bound_indices()
                    .filter(|(_, sentence)| sentence.contains(char::is_alphanumeric)),
            ),
            Self::Tokens => Box::new(
                text.split_word_bound_indices().filter(|(_, token)| !token.trim().is_empty()),
            ),
        }
    }
}

impl CountRule {
    pub(crate) fn compile(
        unit: Unit,
        range: CountRange,
        place: &Place,
    ) -> Result<Self, MetricError> {
        let place = || place.at(unit.rule());
        match (range.min, range.max) {
            (None, None) => Err(MetricError::CannotFail {
                place: place(),
                why: "the range has neither `min` nor `max`",
            }),
            (Some(0), None) => {
                Err(MetricError::CannotFail { place: place(), why: "every count is at least 0" })
            }
            (Some(min), Some(max)) if min > max => {
                Err(MetricError::CannotHold { place: place(), why: "`min` is larger than `max`" })
            }
            _ => Ok(Self { unit, range }),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        self.unit.rule()
    }

    pub(crate) fn assess(self, text: &str) -> Assessment {
        let count = tally(self.unit.items(text));
        let assessment = if self.range.contains(count) {
            Assessment::passed()
        } else {
            let unit = if count == 1 { self.unit.singular() } else { self.unit.rule() };
            let problem = format!("{count} {unit}, expected {}", in_words(self.range));
            match self.range.max.filter(|max| count > *max) {
                None => Assessment::failed(problem, whole(text)),
                Some(max) => Assessment::failed(problem, [self.excess(text, max)]),
            }
        };
        assessment.with("count", count)
    }

    /// Returns where the text passes the maximum: from the first item too many to the end of the last.
    fn excess(self, text: &str, max: u64) -> Value {
        let skipped = usize::try_from(max).unwrap_or(usize::MAX);
        let mut items = self.unit.items(text).skip(skipped);
        let first = items.next();
        let start = first.map_or(0, |(start, _)| start);
        let end = items.last().or(first).map_or(text.len(), |(start, item)| start + item.len());
        span_with_text(text, &(start..end))
    }
}

fn tally<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |count, _| count + 1)
}

fn in_words(range: CountRange) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number".to_owned(),
    }
}
