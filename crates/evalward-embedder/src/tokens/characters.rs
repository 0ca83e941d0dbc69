//! What BERT's tokenizer asks about a character.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Tells whether a character separates words.
pub(super) fn is_space(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r') || letter.is_whitespace()
}

/// Tells whether a character is invisible and left out: controls, formats and private use.
pub(super) fn is_control(letter: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse};
    !matches!(letter, '\t' | '\n' | '\r')
        && matches!(get_general_category(letter), Control | Format | PrivateUse)
}

/// Tells whether a character is an accent that stands over or under another.
pub(super) fn is_accent(letter: char) -> bool {
    !letter.is_ascii() && get_general_category(letter) == GeneralCategory::NonspacingMark
}

/// Tells whether a character is a word of its own: ASCII's signs, also those that are symbols, and all punctuation.
pub(super) fn is_punctuation(letter: char) -> bool {
    use GeneralCategory::{
        ClosePunctuation, ConnectorPunctuation, DashPunctuation, FinalPunctuation,
        InitialPunctuation, OpenPunctuation, OtherPunctuation,
    };
    if letter.is_ascii() {
        return letter.is_ascii_punctuation();
    }
    matches!(
        get_general_category(letter),
        ClosePunctuation
            | ConnectorPunctuation
            | DashPunctuation
            | FinalPunctuation
            | InitialPunctuation
            | OpenPunctuation
            | OtherPunctuation
    )
}

/// Tells whether a character is a Chinese ideograph, which is a word of its own.
pub(super) fn is_ideograph(letter: char) -> bool {
    matches!(
        letter,
        '\u{4E00}'..='\u{9FFF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{20000}'..='\u{2A6DF}'
            | '\u{2A700}'..='\u{2B73F}'
            | '\u{2B740}'..='\u{2B81F}'
            | '\u{2B820}'..='\u{2CEAF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{2F800}'..='\u{2FA1F}'
    )
}
