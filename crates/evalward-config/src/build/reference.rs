//! Texts beside right answers.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{Contains, ContainsOptions, ExactMatch, MetricError, TokenF1};

use crate::metric::{
    BleuConfig, ChrfConfig, ContainsConfig, ExactMatchConfig, LevenshteinConfig, RougeConfig,
    TokenF1Config,
};

pub(super) fn exact_match(config: &ExactMatchConfig) -> Arc<dyn Metric> {
    Arc::new(ExactMatch { normalization: config.normalization.into() })
}

pub(super) fn token_f1(config: &TokenF1Config) -> Arc<dyn Metric> {
    Arc::new(TokenF1 { normalization: config.normalization.into() })
}

pub(super) fn contains(config: &ContainsConfig) -> Result<Arc<dyn Metric>, MetricError> {
    let options = ContainsOptions {
        texts: config.texts.clone(),
        case_sensitive: config.case_sensitive,
        word_bounded: config.word_bounded,
    };
    Ok(Arc::new(Contains::new(&options)?))
}

pub(super) fn levenshtein(config: &LevenshteinConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("levenshtein {config:?}")
}

pub(super) fn rouge(config: &RougeConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("rouge {config:?}")
}

pub(super) fn bleu(config: &BleuConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("bleu {config:?}")
}

pub(super) fn chrf(config: &ChrfConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("chrf {config:?}")
}
