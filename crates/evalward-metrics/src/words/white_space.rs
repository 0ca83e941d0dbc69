//! White space as Python has it.

/// Whether Python's `str.split()` splits at the letter: the separators U+001C to U+001F are white space there as well.
pub(crate) fn is_white_space(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}

/// Splits at white space as Python's `str.split()` does.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_white_space).filter(|word| !word.is_empty())
}

/// Cuts white space off the end as Python's `str.rstrip()` does.
pub(crate) fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_white_space)
}
