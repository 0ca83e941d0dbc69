//! What every handler and worker shares.

use std::sync::Arc;

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
    /// What `/metrics` shows.
    pub(crate) metrics: PrometheusHandle,
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
