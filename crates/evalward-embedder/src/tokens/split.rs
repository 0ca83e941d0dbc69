//! From characters to words, a mark of punctuation being one of its own.

use super::characters::{is_punctuation, is_space};

/// Takes words from characters, one after the other.
#[derive(Debug)]
pub(super) struct Words<I> {
    letters: I,
    /// The mark that ended the last word.
    mark: Option<char>,
    /// The longest word that is kept whole, in characters.
    longest: usize,
}

/// A word.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A word or a mark.
    Of(String),
    /// A word that is too long to be looked up.
    TooLong,
}

impl<I: Iterator<Item = char>> Words<I> {
    /// Splits characters into words.
    pub(super) const fn new(letters: I, longest: usize) -> Self {
        Self { letters, mark: None, longest }
    }
}

impl<I: Iterator<Item = char>> Iterator for Words<I> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        if let Some(mark) = self.mark.take() {
            return Some(Word::Of(mark.into()));
        }
        let mut word = String::new();
        let mut length = 0_usize;
        for letter in self.letters.by_ref() {
            if is_punctuation(letter) {
                self.mark = Some(letter);
                break;
            }
            if !is_space(letter) {
                length += 1;
                // What is too long is not kept, only skipped.
                if length <= self.longest {
                    word.push(letter);
                }
            } else if length > 0 {
                break;
            }
        }
        match length {
            0 => self.mark.take().map(|mark| Word::Of(mark.into())),
            _ if length > self.longest => Some(Word::TooLong),
            _ => Some(Word::Of(word)),
        }
    }
}
