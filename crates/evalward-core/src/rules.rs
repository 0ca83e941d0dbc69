//! Constraint rules: the words in which suites and examples say yes/no things about a response.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::Finite;

/// Yes/no rules on a response's output; every rule that is given must hold.
///
/// A suite names groups of rules (`[metrics.rules.constraints]`), an example carries its own under `checks`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the rule language, on or off")]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// The number of words, by Unicode word boundaries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<CountRange>,
    /// The number of characters, as grapheme clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<CountRange>,
    /// The number of sentences, by Unicode sentence boundaries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentences: Option<CountRange>,
    /// The number of tokens: words and punctuation marks by Unicode word boundaries, not a model's tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<CountRange>,
    /// At least one of these texts occurs.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub includes_any: TextList,
    /// Each of these texts occurs.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub includes_all: TextList,
    /// None of these texts occurs.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub excludes_any: TextList,
    /// These texts do not all occur together.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub excludes_all: TextList,
    /// Compares texts letter by letter; by default case is folded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub case_sensitive: bool,
    /// Lets texts match only between word boundaries, so that `cat` is not found in `concatenate`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub word_bounded: bool,
    /// This regular expression matches somewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    /// This regular expression matches nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_regex: Option<String>,
    /// The output starts with one of these texts.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub starts_with: TextList,
    /// The output ends with one of these texts.
    #[serde(skip_serializing_if = "TextList::is_empty")]
    pub ends_with: TextList,
    /// The output is one JSON value (`true`), or is not (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_json: Option<bool>,
    /// The output is JSON that fits this JSON Schema: an object, or the path of a schema file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_schema: Option<Value>,
    /// The output is written in this language, as an ISO 639-1 or 639-3 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How easy the English output is to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readability: Option<Readability>,
    /// Every link in the output leads to one of these hosts or to a sub-domain of one, as in `example.com`; a path after the host
    /// narrows it, as in `docs.example.com/help`. An empty list allows no link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_links: Option<Vec<String>>,
    /// The output is a refusal (`true`), or is not (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<bool>,
    /// This expression is true; it reads the example and the response, as in `output|length < input.question|length * 10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The output has no personal data (e-mail addresses, phone numbers, IBANs, card numbers).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_personal_data: bool,
    /// The output has no secrets (API keys, tokens, private keys).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_secrets: bool,
}

impl Rules {
    /// Returns whether no rule is given, so that nothing could ever fail.
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                case_sensitive: self.case_sensitive,
                word_bounded: self.word_bounded,
                ..Self::default()
            }
    }
}

/// A closed range of counts; a missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountRange {
    /// The smallest count allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// The largest count allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
}

impl CountRange {
    /// Returns whether the count lies within the range.
    pub fn contains(self, count: u64) -> bool {
        self.min.is_none_or(|min| count >= min) && self.max.is_none_or(|max| count <= max)
    }
}

/// How easy a text is to read, by its sentences, words and syllables; each range that is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Readability {
    /// Flesch reading ease: 100 is very easy, 60 plain English, 30 hard; it can pass both ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flesch: Option<NumberRange>,
    /// Flesch-Kincaid grade: the years of school in the United States that the text asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<NumberRange>,
}

/// A closed range of numbers; a missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NumberRange {
    /// The smallest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Finite>,
    /// The largest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Finite>,
}

impl NumberRange {
    /// Returns whether the number lies within the range.
    pub fn contains(self, number: f64) -> bool {
        self.min.is_none_or(|min| number >= min.get())
            && self.max.is_none_or(|max| number <= max.get())
    }
}

/// A list of texts; one text alone may stand without brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct TextList(pub Vec<String>);

impl TextList {
    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the texts.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a TextList {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<S: Into<String>> FromIterator<S> for TextList {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        Self(texts.into_iter().map(Into::into).collect())
    }
}

impl<'de> Deserialize<'de> for TextList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;

        impl<'de> Visitor<'de> for ListVisitor {
            type Value = TextList;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or a list of texts")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextList, E> {
                Ok(TextList(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<TextList, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = sequence.next_element()? {
                    texts.push(text);
                }
                if texts.is_empty() {
                    return Err(de::Error::custom(
                        "an empty list of texts says nothing: leave the rule out",
                    ));
                }
                Ok(TextList(texts))
            }
        }

        deserializer.deserialize_any(ListVisitor)
    }
}
