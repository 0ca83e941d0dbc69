//! What evaluates samples.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use evalward_config::MonitorConfig;
use evalward_core::{Digest, SuiteMetric};

use crate::alarm::AlarmRules;

/// What evaluates samples, and how patiently.
#[derive(Debug)]
pub(crate) struct Evaluator {
    /// The metrics.
    pub(super) metrics: Vec<SuiteMetric>,
    /// The hash of the metrics' versions.
    pub(super) version: String,
    /// The alarms that an evaluation may set off at once.
    pub(super) rules: Arc<AlarmRules>,
    /// The most evaluations under way at once.
    pub(super) workers: NonZeroU32,
    /// The attempts after which a sample is parked, if others could be evaluated meanwhile.
    pub(super) max_attempts: NonZeroU32,
    /// How long a worker holds a sample.
    pub(super) lease: Duration,
}

impl Evaluator {
    /// Makes the evaluator that the monitor's file describes.
    pub(crate) fn new(config: &MonitorConfig, rules: Arc<AlarmRules>) -> Self {
        let evaluation = &config.evaluation;
        Self {
            version: version_of(&evaluation.metrics),
            metrics: evaluation.metrics.clone(),
            rules,
            workers: evaluation.workers,
            max_attempts: evaluation.max_attempts,
            lease: evaluation.lease,
        }
    }

    /// Returns the longest time for one evaluation: with the wait before it and the writing after it, it fits into a lease.
    pub(super) fn time_limit(&self) -> Duration {
        self.lease / 2
    }

    /// Returns how long after its lease began an evaluation may begin.
    pub(super) fn starts_within(&self) -> Duration {
        self.lease / 4
    }

    /// Ends whatever the metrics started.
    pub(super) async fn shutdown(&self) {
        for metric in &self.metrics {
            metric.metric.shutdown().await;
        }
    }
}

fn version_of(metrics: &[SuiteMetric]) -> String {
    let parts = metrics.iter().flat_map(|it| [Digest::of(it.id.as_bytes()), it.version]);
    Digest::chain(parts).to_string()
}
