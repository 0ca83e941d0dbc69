//! The tables of metrics that compare the output with right answers, as texts.

use evalward_core::{Finite, Scale};
use evalward_metrics::{
    BleuSmoothing, BleuTokenizer, Extent, LevenshteinMeasure, Normalization, RougeTokenizer,
    RougeVariant, TokenBoundary,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `exact_match`.
    ExactMatchConfig {
        /// How texts are normalised before they are compared; `raw` by default.
        #[serde(default)]
        normalization: NormalizationConfig,
    }
}

metric_table! {
    /// The table of `token_f1`.
    TokenF1Config {
        /// How texts are normalised before they are split into words; `squad` by default.
        #[serde(default = "NormalizationConfig::squad")]
        normalization: NormalizationConfig,
        /// Where texts are split into words; `whitespace` by default.
        #[serde(default)]
        tokens: TokenBoundary,
    }
}

metric_table! {
    /// The table of `contains`.
    ContainsConfig {
        /// The texts that must all occur; without any, one of the example's right answers must occur.
        #[serde(default)]
        texts: Option<Vec<String>>,
        /// Compares letter by letter; by default case is folded.
        #[serde(default)]
        case_sensitive: bool,
        /// Lets texts match only between word boundaries.
        #[serde(default)]
        word_bounded: bool,
    }
}

metric_table! {
    /// The table of `regex`.
    RegexConfig {
        /// The regular expression, in the syntax of the Rust crate `regex`.
        #[schemars(with = "String")]
        pattern: Spanned<String>,
    }
}

metric_table! {
    /// The table of `levenshtein`.
    LevenshteinConfig {
        /// What the score is; `similarity` by default.
        #[serde(default)]
        measure: LevenshteinMeasure,
        /// How texts are normalised before they are compared; `raw` by default.
        #[serde(default)]
        normalization: NormalizationConfig,
    }
}

metric_table! {
    /// The table of `rouge`.
    RougeConfig {
        /// `rouge1`, `rouge2`, `rougeL` or `rougeLsum`; `rougeL` by default.
        #[serde(default)]
        variant: RougeVariant,
        /// `f1`, `precision` or `recall`; `f1` by default.
        #[serde(default)]
        measure: Extent,
        /// Compares words by their Porter stems.
        #[serde(default)]
        stemming: bool,
        /// What a word is; `ascii` by default, as in rouge-score.
        #[serde(default)]
        tokenizer: RougeTokenizer,
    }
}

metric_table! {
    /// The table of `bleu`.
    BleuConfig {
        /// What a token is; `13a` by default, as in sacrebleu.
        #[serde(default)]
        tokenizer: BleuTokenizer,
        /// What becomes of orders without a match; `exp` by default, as in sacrebleu.
        #[serde(default)]
        smoothing: BleuSmoothing,
        /// The value of `floor` (0.1 by default) and of `add-k` (1 by default), above 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        smoothing_value: Option<Finite>,
        /// Folds case.
        #[serde(default)]
        lowercase: bool,
        /// Counts only the orders that a short text can have, for the score of an example; `true` by default.
        #[serde(default = "super::common::yes")]
        effective_order: bool,
    }
}

metric_table! {
    /// The table of `chrf`.
    ChrfConfig {
        /// The longest n-gram of characters; 6 by default.
        #[serde(default = "six")]
        character_order: u8,
        /// The longest n-gram of words: 0 for chrF (the default), 2 for chrF++.
        #[serde(default)]
        word_order: u8,
        /// How much more recall weighs than precision; 2 by default.
        #[serde(default = "two")]
        beta: u8,
        /// Folds case.
        #[serde(default)]
        lowercase: bool,
        /// Counts white space as characters.
        #[serde(default)]
        whitespace: bool,
        /// Smooths by a small number in place of the effective order.
        #[serde(default)]
        eps_smoothing: bool,
    }
}

const fn six() -> u8 {
    6
}

const fn two() -> u8 {
    2
}

on_fraction!(ExactMatchConfig, TokenF1Config, ContainsConfig, RegexConfig, RougeConfig);

impl LevenshteinConfig {
    pub(crate) const fn scale(&self) -> Scale {
        self.measure.scale()
    }
}

impl BleuConfig {
    #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
    pub(crate) const fn scale(&self) -> Scale {
        Scale::PERCENT
    }
}

impl ChrfConfig {
    #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
    pub(crate) const fn scale(&self) -> Scale {
        Scale::PERCENT
    }
}

/// How texts are normalised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NormalizationConfig {
    /// Not at all.
    #[default]
    Raw,
    /// Lower case, no punctuation, no articles, single spaces, as in SQuAD's evaluation script.
    Squad,
}

impl NormalizationConfig {
    const fn squad() -> Self {
        Self::Squad
    }
}

impl From<NormalizationConfig> for Normalization {
    fn from(config: NormalizationConfig) -> Self {
        match config {
            NormalizationConfig::Raw => Self::Raw,
            NormalizationConfig::Squad => Self::Squad,
        }
    }
}
