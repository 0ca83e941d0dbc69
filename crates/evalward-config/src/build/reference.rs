//! Texts beside right answers.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{
    Bleu, BleuOptions, Chrf, ChrfOptions, Contains, ContainsOptions, ExactMatch, Levenshtein,
    MetricError, Rouge, RougeOptions, TokenF1, TokenF1Options,
};

use crate::metric::{
    BleuConfig, ChrfConfig, ContainsConfig, ExactMatchConfig, LevenshteinConfig, RougeConfig,
    TokenF1Config,
};

pub(super) fn exact_match(config: &ExactMatchConfig) -> Arc<dyn Metric> {
    Arc::new(ExactMatch { normalization: config.normalization.into() })
}

pub(super) fn token_f1(config: &TokenF1Config) -> Arc<dyn Metric> {
    let options =
        TokenF1Options { normalization: config.normalization.into(), tokens: config.tokens };
    Arc::new(TokenF1 { options })
}

pub(super) fn contains(config: &ContainsConfig) -> Result<Arc<dyn Metric>, MetricError> {
    let options = ContainsOptions {
        texts: config.texts.clone(),
        case_sensitive: config.case_sensitive,
        word_bounded: config.word_bounded,
    };
    Ok(Arc::new(Contains::new(&options)?))
}

pub(super) fn levenshtein(config: &LevenshteinConfig) -> Arc<dyn Metric> {
    Arc::new(Levenshtein { measure: config.measure, normalization: config.normalization.into() })
}

pub(super) fn rouge(config: &RougeConfig) -> Arc<dyn Metric> {
    let options = RougeOptions {
        variant: config.variant,
        stemming: config.stemming,
        tokenizer: config.tokenizer,
    };
    Arc::new(Rouge { options, measure: config.measure })
}

pub(super) fn bleu(config: &BleuConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(Bleu::new(BleuOptions {
        tokenizer: config.tokenizer,
        smoothing: config.smoothing,
        smoothing_value: config.smoothing_value,
        lowercase: config.lowercase,
        effective_order: config.effective_order,
    })?))
}

pub(super) fn chrf(config: &ChrfConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(Chrf::new(ChrfOptions {
        character_order: config.character_order,
        word_order: config.word_order,
        beta: config.beta,
        lowercase: config.lowercase,
        whitespace: config.whitespace,
        eps_smoothing: config.eps_smoothing,
    })?))
}
