//! Retrieved documents.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::MetricError;

use crate::metric::RetrievalConfig;

pub(super) fn retrieval(config: &RetrievalConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("retrieval {config:?}")
}
