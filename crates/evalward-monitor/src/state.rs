//! What every handler and worker shares.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use evalward_core::Clock;
use evalward_store::Store;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Notify;

use crate::http::Auth;
use crate::otlp::SpanChoice;
use crate::sampling::SamplingPolicy;

/// What every handler and worker shares; clones are cheap.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    /// The store.
    pub(crate) store: Store,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// How interactions are sampled.
    pub(crate) sampling: Arc<SamplingPolicy>,
    /// Who may call.
    pub(crate) auth: Arc<Auth>,
    /// What requests may be at most.
    pub(crate) limits: Limits,
    /// Which spans become interactions.
    pub(crate) spans: SpanChoice,
    /// The ids of the metrics that look for hallucinations.
    pub(crate) hallucination: Arc<BTreeSet<String>>,
    /// What `/metrics` shows.
    pub(crate) metrics: PrometheusHandle,
    /// How many samples wait for their evaluation.
    pub(crate) waiting: Arc<Waiting>,
    /// The webhooks that alerts go to, by name.
    pub(crate) destinations: Arc<[String]>,
    /// Tells the workers that a job was written.
    pub(crate) jobs: Arc<Notify>,
    /// Tells the outbox that a delivery was written.
    pub(crate) deliveries: Arc<Notify>,
}

/// What requests may be at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of a request as it is sent.
    pub(crate) body_bytes: usize,
    /// Bytes of a request after decompression.
    pub(crate) decompressed_bytes: usize,
    /// Samples that may wait; beyond it senders are asked to come back later.
    pub(crate) backlog: u64,
}

/// How many samples wait, as of a moment ago: what came in since then is added, what was evaluated is not yet taken off.
#[derive(Debug, Default)]
pub(crate) struct Waiting(AtomicU64);

impl Waiting {
    /// Returns how many wait.
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Adds samples that came in.
    pub(crate) fn add(&self, samples: u64) {
        self.0.fetch_add(samples, Ordering::Relaxed);
    }

    /// Takes over what was counted in the store.
    pub(crate) fn set(&self, samples: u64) {
        self.0.store(samples, Ordering::Relaxed);
    }
}
