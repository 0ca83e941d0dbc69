//! From a text to plain lower-case characters.

use unicode_normalization::UnicodeNormalization;

use super::characters::{is_accent, is_control, is_ideograph, is_space};

/// Returns the characters of a text without controls, accents and capitals, with blanks around ideographs.
///
/// Nothing is collected, so that the start of a huge text costs no more than that of a short one.
pub(super) fn clean(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|letter| !matches!(letter, '\0' | '\u{FFFD}') && !is_control(*letter))
        .map(|letter| if is_space(letter) { ' ' } else { letter })
        .flat_map(spaced)
        .nfd()
        .filter(|letter| !is_accent(*letter))
        .flat_map(char::to_lowercase)
}

fn spaced(letter: char) -> impl Iterator<Item = char> {
    let blank = is_ideograph(letter).then_some(' ');
    blank.into_iter().chain([letter]).chain(blank)
}
