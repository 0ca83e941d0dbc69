//! Words of any language.

use unicode_segmentation::UnicodeSegmentation;

/// Splits at the word boundaries of Unicode (annex 29 of its standard) and leaves out what has no letter and no number.
///
/// Scripts that write no spaces have no dictionary here: each Han character, each Hiragana syllable and each cluster of Thai, Lao
/// or Khmer is a word, and a run of Katakana is one.
pub(crate) fn unicode_words(text: &str) -> impl Iterator<Item = &str> {
    text.unicode_words()
}
