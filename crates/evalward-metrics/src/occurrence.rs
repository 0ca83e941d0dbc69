//! Finding a text in an output.

use std::cell::OnceCell;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::folded::{Case, Folded};

/// A text to look for.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    /// The text as it was given.
    pub(crate) text: String,
    folded: String,
    word_bounded: bool,
}

impl Needle {
    pub(crate) fn new(text: &str, case: Case, word_bounded: bool) -> Self {
        let folded = Folded::new(text, case).as_str().to_owned();
        Self { text: text.to_owned(), folded, word_bounded }
    }
}

/// An output to look in.
#[derive(Debug)]
pub(crate) struct Haystack<'a> {
    folded: Folded<'a>,
    word_bounds: OnceCell<Vec<usize>>,
}

impl<'a> Haystack<'a> {
    pub(crate) fn new(output: &'a str, case: Case) -> Self {
        Self { folded: Folded::new(output, case), word_bounds: OnceCell::new() }
    }

    /// Returns where the needle first occurs, as bytes of the original output.
    pub(crate) fn find(&self, needle: &Needle) -> Option<Range<usize>> {
        let text = self.folded.as_str();
        let mut from = 0;
        loop {
            let start = from + text.split_at(from).1.find(&needle.folded)?;
            let span = start..start + needle.folded.len();
            if !needle.word_bounded || (self.is_bound(span.start) && self.is_bound(span.end)) {
                return Some(self.folded.original(&span));
            }
            from = self.next_bound(start)?;
        }
    }

    /// Returns where the needle stands at the start of the output, white space aside.
    pub(crate) fn find_at_start(&self, needle: &Needle) -> Option<Range<usize>> {
        let text = self.folded.as_str();
        let trimmed = text.trim_start();
        let start = text.len() - trimmed.len();
        let end = start + needle.folded.len();
        let found =
            trimmed.starts_with(&needle.folded) && (!needle.word_bounded || self.is_bound(end));
        found.then(|| self.folded.original(&(start..end)))
    }

    /// Returns where the needle stands at the end of the output, white space aside.
    pub(crate) fn find_at_end(&self, needle: &Needle) -> Option<Range<usize>> {
        let trimmed = self.folded.as_str().trim_end();
        let start = trimmed.strip_suffix(needle.folded.as_str())?.len();
        let found = !needle.word_bounded || self.is_bound(start);
        found.then(|| self.folded.original(&(start..trimmed.len())))
    }

    /// A bounded needle can only start at a bound, so that the letters until the next one need no look.
    fn next_bound(&self, at: usize) -> Option<usize> {
        let rest = self.folded.as_str().split_at(at).1;
        rest.char_indices().skip(1).map(|(offset, _)| at + offset).find(|at| self.is_bound(*at))
    }

    /// Returns whether no word and no number goes on across this place.
    ///
    /// Unlike in the word segmentation of Unicode, an apostrophe, a dot or a colon between letters ends a word: `Brand` is found in
    /// `Brand's`, `brand.com` and `Brand.They`. Unlike with `\b`, ideographs are words of their own, and `49` is not found in `49.99`.
    fn is_bound(&self, at: usize) -> bool {
        let (before, after) = self.folded.as_str().split_at(at);
        let (mut before, mut after) = (before.chars().rev(), after.chars());
        let (Some(left), Some(right)) = (before.next(), after.next()) else {
            return true;
        };
        if is_word_character(left) && is_word_character(right) {
            return self.word_bounds().binary_search(&at).is_ok();
        }
        let digit = |letter: Option<char>| letter.is_some_and(char::is_numeric);
        let in_number = (left.is_numeric() && is_separator(right) && digit(after.next()))
            || (is_separator(left) && right.is_numeric() && digit(before.next()));
        !in_number
    }

    fn word_bounds(&self) -> &[usize] {
        self.word_bounds.get_or_init(|| {
            self.folded.as_str().split_word_bound_indices().map(|(start, _)| start).collect()
        })
    }
}

fn is_word_character(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || is_combining_mark(letter)
}

const fn is_separator(letter: char) -> bool {
    matches!(letter, '.' | ',')
}
