//! What stands next to a candidate.

use std::ops::Range;

/// Returns the part of a text, or nothing where the range is not on character
/// boundaries; detectors only cut at ASCII, so it always is.
pub(super) fn slice(text: &str, span: Range<usize>) -> &str {
    text.get(span).unwrap_or_default()
}

/// Returns the character that ends right before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    slice(text, 0..at).chars().next_back()
}

/// Returns the character that starts at `at`.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    slice(text, at..text.len()).chars().next()
}

/// Tells whether a word could start at `at`.
pub(super) fn starts_word(text: &str, at: usize) -> bool {
    !before(text, at).is_some_and(char::is_alphanumeric)
}

/// Tells whether a word could end at `at`.
pub(super) fn ends_word(text: &str, at: usize) -> bool {
    !after(text, at).is_some_and(char::is_alphanumeric)
}

/// Tells whether a number that ends at `at` goes on behind a separator that
/// belongs to it, as in `1.5`, `10:30` or `2024-01`.
pub(super) fn number_goes_on(text: &str, at: usize, separators: &str) -> bool {
    let mut rest = slice(text, at..text.len()).chars();
    rest.next().is_some_and(|character| separators.contains(character))
        && rest.next().is_some_and(|character| character.is_ascii_digit())
}

/// Tells whether a number that starts at `at` began before a separator that
/// belongs to it.
pub(super) fn number_came_before(text: &str, at: usize, separators: &str) -> bool {
    let mut reversed = slice(text, 0..at).chars().rev();
    reversed.next().is_some_and(|character| separators.contains(character))
        && reversed.next().is_some_and(|character| character.is_ascii_digit())
}

/// Returns the word that stands before `at`, with at most a little punctuation
/// such as `: ` or ` #` between, cut to what a short list of words needs.
pub(super) fn last_word(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(24);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let lead = slice(text, start..at).trim_end_matches([' ', ':', '=', '"', '#', '.', '(']);
    lead.rsplit(|character: char| !character.is_alphabetic()).next().unwrap_or_default()
}
