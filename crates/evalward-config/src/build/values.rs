//! JSON, numbers and labels.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::MetricError;

use crate::metric::{ClassificationConfig, JsonMatchConfig, NumericConfig};

pub(super) fn json_match(config: &JsonMatchConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("json_match {config:?}")
}

pub(super) fn numeric(config: &NumericConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("numeric {config:?}")
}

pub(super) fn classification(
    config: &ClassificationConfig,
) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("classification {config:?}")
}
