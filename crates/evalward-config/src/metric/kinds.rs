//! The kinds of metrics.

use evalward_core::Scale;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::Common;
use super::{
    BleuConfig, ChrfConfig, ClassificationConfig, CommandMetricConfig, ConstraintsConfig,
    ContainsConfig, CostConfig, ExactMatchConfig, HallucinationMetricConfig, JsonMatchConfig,
    JudgeMetricConfig, LatencyConfig, LevenshteinConfig, NumericConfig, RegexConfig,
    RetrievalConfig, RougeConfig, SemanticSimilarityConfig, StepCountConfig, SupportConfig,
    TokenF1Config, TokensConfig, ToolCallsConfig,
};

/// Declares the kinds: how files spell each, and its table.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident($config:ident) = $name:literal,)*) => {
        /// A metric, by its kind.
        #[derive(Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        pub enum MetricConfig {
            $($(#[$doc])* #[serde(rename = $name)] $variant($config),)*
        }

        impl MetricConfig {
            /// Returns the name of the kind as files spell it.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Returns what every metric has.
            pub const fn common(&self) -> Common<'_> {
                match self { $(Self::$variant(config) => config.common(),)* }
            }

            /// Returns the scale of the scores.
            pub fn scale(&self) -> Scale {
                match self { $(Self::$variant(config) => config.scale(),)* }
            }
        }
    };
}

kinds! {
    /// 1 where the output equals a right answer, else 0.
    ExactMatch(ExactMatchConfig) = "exact_match",
    /// The overlap of words with the nearest right answer, as in SQuAD.
    TokenF1(TokenF1Config) = "token_f1",
    /// 1 where the output contains the given texts, or a right answer, else 0.
    Contains(ContainsConfig) = "contains",
    /// 1 where a regular expression matches somewhere in the output, else 0.
    Regex(RegexConfig) = "regex",
    /// The edit distance to the nearest right answer.
    Levenshtein(LevenshteinConfig) = "levenshtein",
    /// The overlap of n-grams or of the longest common subsequence with the nearest right answer.
    Rouge(RougeConfig) = "rouge",
    /// The precision of n-grams against all right answers, of each example and of the whole partition.
    Bleu(BleuConfig) = "bleu",
    /// The F-score of character n-grams against the nearest right answer.
    Chrf(ChrfConfig) = "chrf",
    /// The share of a right answer's JSON fields that the output has.
    JsonMatch(JsonMatchConfig) = "json_match",
    /// 1 where the output's number is close enough to a right answer, else 0.
    Numeric(NumericConfig) = "numeric",
    /// 1 where the output is the right label, else 0; with the confusion matrix of the partition.
    Classification(ClassificationConfig) = "classification",
    /// How near the output is to a right answer in meaning, as the cosine of embeddings.
    SemanticSimilarity(SemanticSimilarityConfig) = "semantic_similarity",
    /// The share of the output's words that its context has, and what it states beyond it.
    Support(SupportConfig) = "support",
    /// What the answer states and its context does not bear out, by a judge.
    Hallucination(HallucinationMetricConfig) = "hallucination",
    /// A judge's score on a scale with a text for every score.
    Judge(JudgeMetricConfig) = "judge",
    /// How well the documents that the subject retrieved fit the relevant ones.
    Retrieval(RetrievalConfig) = "retrieval",
    /// Whether the subject called the tools that it should.
    ToolCalls(ToolCallsConfig) = "tool_calls",
    /// The number of steps that the subject took.
    StepCount(StepCountConfig) = "step_count",
    /// The wall time of the answer in milliseconds.
    Latency(LatencyConfig) = "latency",
    /// The number of tokens that the answer took.
    Tokens(TokensConfig) = "tokens",
    /// The price of the answer in US dollars.
    Cost(CostConfig) = "cost",
    /// Named yes/no rules on the output; the score is the share that hold.
    Constraints(ConstraintsConfig) = "constraints",
    /// The team's own program, over JSON lines.
    Command(CommandMetricConfig) = "command",
}
