//! Hidden probes: some of the answers that a judge scores are scored again, changed in one known way.

mod metric;
mod variants;

pub use metric::{ProbeOptions, ProbedMetric};
