//! What BERT's tokenizer asks about a character.
//!
//! The tables are those of Unicode 8, which the reference (`tokenizers`) has too: with a newer Unicode some texts would have other
//! tokens than those that a model was trained with and is compared by.

use unicode_categories::UnicodeCategories;

/// Tells whether a character separates words.
pub(super) fn is_space(letter: char) -> bool {
    letter.is_whitespace()
}

/// Tells whether a character is left out because nobody sees it: controls, formats and private use.
pub(super) fn is_control(letter: char) -> bool {
    !matches!(letter, '\t' | '\n' | '\r') && letter.is_other()
}

/// Tells whether a character is an accent that stands over or under another.
pub(super) fn is_accent(letter: char) -> bool {
    !letter.is_ascii() && letter.is_mark_nonspacing()
}

/// Tells whether a character is a word of its own: ASCII's signs, also those that are symbols, and all punctuation.
pub(super) fn is_punctuation(letter: char) -> bool {
    if letter.is_ascii() { letter.is_ascii_punctuation() } else { letter.is_punctuation() }
}

/// Tells whether a character is an ideograph, which is a word of its own.
///
/// The reference begins the sixth range 256 characters late; its tokens are what counts.
pub(super) fn is_ideograph(letter: char) -> bool {
    matches!(
        letter,
        '\u{4E00}'..='\u{9FFF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{20000}'..='\u{2A6DF}'
            | '\u{2A700}'..='\u{2B73F}'
            | '\u{2B740}'..='\u{2B81F}'
            | '\u{2B920}'..='\u{2CEAF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{2F800}'..='\u{2FA1F}'
    )
}
