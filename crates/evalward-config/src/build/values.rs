//! JSON, numbers and labels.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{
    Classification, ClassificationOptions, JsonMatch, JsonMatchOptions, MetricError, Numeric,
    NumericOptions,
};

use crate::metric::{ClassificationConfig, JsonMatchConfig, NumericConfig};

pub(super) fn json_match(config: &JsonMatchConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(JsonMatch::new(&JsonMatchOptions {
        fields: config.fields.clone(),
        tolerance: config.tolerance,
        relative_tolerance: config.relative_tolerance,
        unordered: config.unordered,
        extra: config.extra,
    })?))
}

pub(super) fn numeric(config: &NumericConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(Numeric::new(&NumericOptions {
        pick: config.pick,
        tolerance: config.tolerance,
        relative_tolerance: config.relative_tolerance,
        decimal: config.decimal,
        percent: config.percent,
    })?))
}

pub(super) fn classification(
    config: &ClassificationConfig,
) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(Classification::new(&ClassificationOptions {
        pattern: config.pattern.clone(),
        labels: config.labels.clone(),
        case_sensitive: config.case_sensitive,
    })?))
}
