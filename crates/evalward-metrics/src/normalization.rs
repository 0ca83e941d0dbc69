//! Normalisation of texts before they are compared.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_general_category::{GeneralCategory, get_general_category};

use crate::words::words;

/// How texts are made comparable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Normalization {
    /// The text as it is.
    #[default]
    Raw,
    /// That of `SQuAD`'s evaluation script: lower case, then without punctuation, then without the words `a`, `an` and `the`, then
    /// with single spaces only.
    ///
    /// It is exactly the script's, whose punctuation is ASCII: `’`, `“`, `¿`, `。` and other marks stay, accents stay, and no Unicode
    /// normalisation is done, so that `é` in one code point differs from `é` in two. An article is removed where no letter or
    /// number touches it, after punctuation went: `a-an` becomes the word `aan` and stays.
    Squad,
}

impl Normalization {
    /// Returns the text in its comparable form.
    pub(crate) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Raw => Cow::Borrowed(text),
            Self::Squad => {
                let bare = without_punctuation_and_articles(text);
                let mut normalized = String::with_capacity(bare.len());
                for word in words(&bare) {
                    if !normalized.is_empty() {
                        normalized.push(' ');
                    }
                    normalized.push_str(word);
                }
                Cow::Owned(normalized)
            }
        }
    }
}

#[expect(clippy::string_slice, reason = "runs of ASCII begin and end between characters")]
fn without_punctuation_and_articles(text: &str) -> String {
    let mut lower = text.to_lowercase();
    lower.retain(|letter| !letter.is_ascii_punctuation());
    let mut kept = String::with_capacity(lower.len());
    let (mut copied, mut at) = (0, 0);
    for run in lower.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()) {
        let (start, end) = (at, at + run.len());
        at = end + 1;
        // Only beside what may be an article is it asked what a letter outside ASCII is.
        if matches!(run, b"a" | b"an" | b"the")
            && !lower[..start].chars().next_back().is_some_and(is_of_word)
            && !lower[end..].chars().next().is_some_and(is_of_word)
        {
            kept.push_str(&lower[copied..start]);
            kept.push(' ');
            copied = end;
        }
    }
    kept.push_str(&lower[copied..]);
    kept
}

/// Whether Python's `\w` matches: its `str.isalnum` is true for the categories L and N, and for no combining mark. The underscore
/// went with the punctuation.
fn is_of_word(letter: char) -> bool {
    use GeneralCategory as Category;
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    matches!(
        get_general_category(letter),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
            | Category::DecimalNumber
            | Category::LetterNumber
            | Category::OtherNumber
    )
}
