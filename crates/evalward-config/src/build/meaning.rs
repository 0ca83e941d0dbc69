//! What a text says.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{MetricError, Support, SupportOptions};

use crate::ConfigError;
use crate::load::Lookup;
use crate::metric::{SemanticSimilarityConfig, SupportConfig};
use crate::source::Sources;

pub(super) fn semantic_similarity(
    config: &SemanticSimilarityConfig,
    _sources: &Sources,
    _environment: &Lookup,
) -> Result<Arc<dyn Metric>, Vec<ConfigError>> {
    todo!("semantic_similarity {config:?}")
}

pub(super) fn support(config: &SupportConfig) -> Result<Arc<dyn Metric>, MetricError> {
    let options = SupportOptions { context: config.context, input_counts: config.input_counts };
    Ok(Arc::new(Support::new(options)))
}
