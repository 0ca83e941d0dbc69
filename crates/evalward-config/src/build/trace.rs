//! How an answer came about.

use std::sync::Arc;

use evalward_core::Metric;
use evalward_metrics::{
    Cost, Latency, MetricError, StepCount, Tokens, ToolCalls, ToolCallsOptions,
};

use crate::metric::{StepCountConfig, TokensConfig, ToolCallsConfig};

pub(super) fn tool_calls(config: &ToolCallsConfig) -> Result<Arc<dyn Metric>, MetricError> {
    Ok(Arc::new(ToolCalls::new(&ToolCallsOptions {
        matching: config.matching,
        arguments: config.arguments,
        tolerance: config.tolerance,
        expected: config.expected.clone(),
    })?))
}

pub(super) fn step_count(config: &StepCountConfig) -> Arc<dyn Metric> {
    Arc::new(StepCount { counted: config.count })
}

pub(super) fn latency() -> Arc<dyn Metric> {
    Arc::new(Latency)
}

pub(super) fn tokens(config: &TokensConfig) -> Arc<dyn Metric> {
    Arc::new(Tokens { counted: config.which })
}

pub(super) fn cost() -> Arc<dyn Metric> {
    Arc::new(Cost)
}
