//! Words of any language.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_segmentation::UnicodeSegmentation;

/// Splits at the word boundaries of Unicode (annex 29 of its standard) and leaves out what has no letter, no number and no
/// pictograph: white space, punctuation, and signs of currency and mathematics.
///
/// Scripts that write no spaces have no dictionary here: each Han character, each Hiragana syllable and each cluster of Thai, Lao
/// or Khmer is a word, and a run of Katakana is one. An emoji is a word with all that is joined to it.
pub(crate) fn unicode_words(text: &str) -> impl Iterator<Item = &str> {
    let (ascii, other) =
        if text.is_ascii() { (Some(text.unicode_words()), None) } else { (None, Some(text)) };
    let of_other = other.into_iter().flat_map(str::split_word_bounds).filter(|part| is_word(part));
    ascii.into_iter().flatten().chain(of_other)
}

fn is_word(part: &str) -> bool {
    part.chars().any(char::is_alphanumeric)
        || part.chars().any(|it| get_general_category(it) == GeneralCategory::OtherSymbol)
}
