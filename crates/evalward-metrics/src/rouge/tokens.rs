//! From texts to the numbers of their words.

use std::borrow::Cow;

use super::overlap::RougeOptions;
use super::porter::stem;
use crate::RougeTokenizer;
use crate::words::{SpecialBytes, Vocabulary, unicode_words};

/// Words of at most so many letters have no stem.
const LONGEST_UNSTEMMED: usize = 3;

/// Reads words.
pub(super) struct Tokens<'a> {
    options: RougeOptions,
    vocabulary: &'a mut Vocabulary,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(options: RougeOptions, vocabulary: &'a mut Vocabulary) -> Self {
        Self { options, vocabulary }
    }

    /// Returns the numbers of a text's words.
    pub(super) fn of(&mut self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::with_capacity(text.len() / 4);
        match self.options.tokenizer {
            RougeTokenizer::Ascii => self.of_ascii(&ascii_only(text), &mut tokens),
            RougeTokenizer::Unicode => {
                let lower = text.to_lowercase();
                for word in unicode_words(&lower) {
                    tokens.push(self.number(word.as_bytes()));
                }
            }
        }
        tokens
    }

    fn of_ascii(&mut self, text: &str, tokens: &mut Vec<u32>) {
        let bytes = text.as_bytes();
        let mut start = 0;
        for end in SpecialBytes::new(bytes).chain([bytes.len()]) {
            if end > start {
                tokens.push(if self.options.stemming {
                    self.number(&bytes[start..end].to_ascii_lowercase())
                } else {
                    self.vocabulary.number_in_lower_case(bytes, start, end)
                });
            }
            start = end + 1;
        }
    }

    /// Returns the number of a word in lower case.
    fn number(&mut self, word: &[u8]) -> u32 {
        let stems = self.options.stemming
            && word.len() > LONGEST_UNSTEMMED
            && word.iter().all(u8::is_ascii_alphanumeric);
        if stems { self.vocabulary.number(&stem(word)) } else { self.vocabulary.number(word) }
    }
}

/// Returns the words of each line that is not empty.
pub(super) fn lines(text: &str, tokens: &mut Tokens<'_>) -> Vec<Vec<u32>> {
    text.split('\n').filter(|line| !line.is_empty()).map(|line| tokens.of(line)).collect()
}

/// Replaces what is not ASCII, after lower-casing, by spaces.
fn ascii_only(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut ascii = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if letter.is_ascii() => ascii.push(letter),
            // The only two letters whose lower case has a letter of ASCII: the Kelvin sign, and I with a dot, which keeps the dot.
            '\u{212a}' => ascii.push('k'),
            '\u{130}' => ascii.push_str("i "),
            _ => ascii.push(' '),
        }
    }
    Cow::Owned(ascii)
}
