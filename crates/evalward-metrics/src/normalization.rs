//! Normalisation of texts before they are compared.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
                Cow::Owned(words(&bare).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// Splits at white space as Python's `str.split()` does, which also counts the separators U+001C to U+001F as white space.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter))
        .filter(|word| !word.is_empty())
}

/// A run of what Python's `\w` matches: its `str.isalnum` is true for the categories L and N, and for no combining mark,
/// unlike `\w` of the `regex` crate.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is a valid literal"));

#[expect(clippy::string_slice, reason = "matches of a regex begin and end between characters")]
fn without_punctuation_and_articles(text: &str) -> String {
    let mut lower = text.to_lowercase();
    lower.retain(|letter| !letter.is_ascii_punctuation());
    let mut kept = String::with_capacity(lower.len());
    let mut copied = 0;
    for word in WORD.find_iter(&lower) {
        if matches!(word.as_str(), "a" | "an" | "the") {
            kept.push_str(&lower[copied..word.start()]);
            kept.push(' ');
            copied = word.end();
        }
    }
    kept.push_str(&lower[copied..]);
    kept
}
