//! Retrieved documents.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{MetricError, Retrieval, RetrievalOptions};

use crate::metric::RetrievalConfig;

pub(super) fn retrieval(config: &RetrievalConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(Retrieval::new(&RetrievalOptions {
        measure: config.measure,
        k: config.k,
        relevant: config.relevant.clone(),
        gain: config.gain,
    })?))
}
