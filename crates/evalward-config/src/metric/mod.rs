//! The metric tables of a suite file, one file for each family.

mod command;
mod common;
mod constraints;
mod judged;
mod kinds;
mod meaning;
mod reference;
mod retrieval;
mod trace;
mod values;

pub(crate) use command::CommandMetricConfig;
pub(crate) use common::Common;
pub(crate) use constraints::ConstraintsConfig;
pub use judged::JudgesSection;
pub(crate) use judged::{HallucinationMetricConfig, JudgeMetricConfig};
pub use kinds::MetricConfig;
pub(crate) use meaning::{EmbeddingsConfig, SemanticSimilarityConfig, SupportConfig};
pub(crate) use reference::{
    BleuConfig, ChrfConfig, ContainsConfig, ExactMatchConfig, LevenshteinConfig, RegexConfig,
    RougeConfig, TokenF1Config,
};
pub(crate) use retrieval::RetrievalConfig;
pub(crate) use trace::{CostConfig, LatencyConfig, StepCountConfig, TokensConfig, ToolCallsConfig};
pub(crate) use values::{ClassificationConfig, JsonMatchConfig, NumericConfig};
