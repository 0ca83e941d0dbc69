//! What metrics of texts can be asked for, as files spell it.

use evalward_core::Scale;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a metric with precision and recall gives as its score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The harmonic mean of both.
    #[default]
    F1,
    /// The share of the output that a right answer has.
    Precision,
    /// The share of a right answer that the output has.
    Recall,
}

/// What the score of an edit distance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevenshteinMeasure {
    /// 1 less the distance over the length of the longer text: from 0 to 1, larger is better.
    #[default]
    Similarity,
    /// The number of edits, smaller is better.
    Distance,
}

impl LevenshteinMeasure {
    /// Returns the scale of the scores.
    pub const fn scale(self) -> Scale {
        match self {
            Self::Similarity => Scale::FRACTION,
            Self::Distance => Scale::AMOUNT,
        }
    }
}

/// A variant of ROUGE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RougeVariant {
    /// The overlap of words.
    #[serde(rename = "rouge1")]
    Rouge1,
    /// The overlap of pairs of words.
    #[serde(rename = "rouge2")]
    Rouge2,
    /// The longest common subsequence of words.
    #[default]
    #[serde(rename = "rougeL")]
    RougeL,
    /// The union of longest common subsequences, line by line.
    #[serde(rename = "rougeLsum")]
    RougeLsum,
}

/// What a word is for ROUGE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RougeTokenizer {
    /// Runs of `a` to `z` and `0` to `9` after lower-casing, as in rouge-score: text in other scripts has no word.
    #[default]
    Ascii,
    /// Words by Unicode word boundaries, for any language.
    Unicode,
}

/// What a token is for BLEU, as sacrebleu names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum BleuTokenizer {
    /// That of the mteval script 13a.
    #[default]
    #[serde(rename = "13a")]
    Mteval13a,
    /// The international one, which splits at Unicode punctuation and symbols.
    #[serde(rename = "intl")]
    International,
    /// Each character.
    #[serde(rename = "char")]
    Characters,
    /// What white space separates.
    #[serde(rename = "none")]
    None,
}

/// Where a text is split into tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenBoundary {
    /// At white space, as in SQuAD's evaluation script: text that writes no spaces is one token.
    #[default]
    Whitespace,
    /// At Unicode word boundaries, without punctuation, for any language: each Chinese character and each Thai cluster is a token.
    Unicode,
}
