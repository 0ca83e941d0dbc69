//! How an answer came about.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::MetricError;

use crate::metric::{CostConfig, LatencyConfig, StepCountConfig, TokensConfig, ToolCallsConfig};

pub(super) fn tool_calls(config: &ToolCallsConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("tool_calls {config:?}")
}

pub(super) fn step_count(config: &StepCountConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("step_count {config:?}")
}

pub(super) fn latency(config: &LatencyConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("latency {config:?}")
}

pub(super) fn tokens(config: &TokensConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("tokens {config:?}")
}

pub(super) fn cost(config: &CostConfig) -> Result<Arc<dyn Metric>, MetricError> {
    todo!("cost {config:?}")
}
