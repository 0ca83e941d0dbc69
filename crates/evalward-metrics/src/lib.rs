//! Deterministic metrics: the same example and response give the same score, with what explains it.
//!
//! One file per metric; each is a plain value that implements [`evalward_core::Metric`]. The crate knows no model, no file and
//! no suite: thresholds, `where` and the order of reasons are applied around it. Whatever could never fail is refused when it is
//! made ([`MetricError::CannotFail`]), and what cannot be told is [`Errored`](evalward_core::Measurement::Errored), never a pass.
//!
//! ```
//! use evalward_core::{Example, Metric, Partition, Reply, Response};
//! use evalward_metrics::TokenF1;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let example = Example::new("hours-01", Partition::Golden).with_expected_output("The shop opens at 9.");
//! let reply = Reply::from(Response::from_text("It opens at 9"));
//! let measurement = TokenF1::default().score(&example, &reply).await;
//! assert_eq!(measurement.score().map(|score| score.value.get()), Some(0.75));
//! # }
//! ```

mod assignment;
mod bleu;
mod chrf;
mod constraints;
mod contains;
mod error;
mod exact_match;
mod example_checks;
mod extents;
pub mod facts;
mod folded;
mod fraction;
mod json_equality;
mod levenshtein;
mod normalization;
mod occurrence;
mod options;
mod pointing;
mod regex_match;
mod retrieval;
mod rouge;
mod rules;
mod semantic_similarity;
mod sequence;
mod support;
mod token_f1;
mod tolerance;
mod trace;
mod values;
mod wording;
mod words;

pub use bleu::{Bleu, BleuOptions, bleu_counts, corpus_bleu, sentence_bleu};
pub use chrf::{Chrf, ChrfOptions, chrf_counts, corpus_chrf};
pub use constraints::Constraints;
pub use contains::{Contains, ContainsOptions};
pub use error::{MetricError, Place};
pub use evalward_core::BleuSmoothing;
pub use exact_match::{ExactMatch, exact_match};
pub use example_checks::{ExampleChecks, validate_rules};
pub use extents::Extents;
pub use levenshtein::{Levenshtein, levenshtein_distance, levenshtein_similarity};
pub use normalization::Normalization;
pub use options::{
    BleuTokenizer, Extent, LevenshteinMeasure, RougeTokenizer, RougeVariant, TokenBoundary,
};
pub use regex_match::RegexMatch;
pub use retrieval::{NdcgGain, Retrieval, RetrievalMeasure, RetrievalOptions};
pub use rouge::{Rouge, RougeOptions, rouge};
pub use semantic_similarity::{FactsCheck, SemanticSimilarity, SemanticSimilarityOptions};
pub use sequence::TooLong;
pub use support::{ContextSource, Support, SupportOptions, SupportScore};
pub use token_f1::{TokenF1, TokenF1Options, token_f1};
pub use trace::{
    ArgumentMatch, Cost, CountedSteps, CountedTokens, Latency, StepCount, Tokens, ToolCallMatch,
    ToolCalls, ToolCallsOptions,
};
pub use values::{
    Classification, ClassificationOptions, DecimalMark, ExtraFields, JsonMatch, JsonMatchOptions,
    Numeric, NumericOptions, PercentSign, PickNumber,
};
