//! What the monitor tells about itself: each function logs an event and counts it.
//!
//! Labels have few values, whatever callers send: no project, no id, no text of anybody.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use evalward_core::{OutcomeKind, Timestamp};
use evalward_store::{Backlog, FeedbackTaken, Ingested, StoreError};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::task::JoinError;

/// The one recorder of the process.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder of the process, or returns the one that is installed.
pub(crate) fn install() -> PrometheusHandle {
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder is there only where a test brought its own.
        drop(metrics::set_global_recorder(recorder));
        handle
    };
    RECORDER.get_or_init(install).clone()
}

/// Counts what became of a batch of interactions.
pub(crate) fn taken_in(taken: &[Ingested]) {
    let mut counts = [0_u64; 3];
    for ingested in taken {
        let index = match ingested {
            Ingested::Sampled => 0,
            Ingested::Counted => 1,
            Ingested::Duplicate => 2,
        };
        counts[index] += 1;
    }
    let [sampled, counted, duplicate] = counts;
    for (became, count) in [("sampled", sampled), ("counted", counted), ("duplicate", duplicate)] {
        counter!("evalward_interactions_total", "became" => became).increment(count);
    }
    tracing::debug!(sampled, counted, duplicate, "a batch of interactions is stored");
}

/// Counts interactions of a batch whose content is not kept, since it could not be masked.
pub(crate) fn withheld(count: u64) {
    if count > 0 {
        counter!("evalward_interactions_withheld_total").increment(count);
        tracing::warn!(count, "the content of interactions is withheld: it could not be masked");
    }
}

/// Counts a batch that came while too many samples wait.
pub(crate) fn backlog_full(waiting: u64, limit: u64) {
    counter!("evalward_backlog_full_total").increment(1);
    tracing::debug!(waiting, limit, "a batch is refused: too many samples wait");
}

/// Counts a user's thumb.
pub(crate) fn feedback_taken(taken: FeedbackTaken) {
    let became = match taken {
        FeedbackTaken::Recorded => "recorded",
        FeedbackTaken::Waiting => "waiting",
        FeedbackTaken::Repeated => "repeated",
    };
    counter!("evalward_feedback_total", "became" => became).increment(1);
    tracing::debug!(became, "feedback is stored");
}

/// Shows how much waits.
#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "gauges are floating point; counts stay far below 2^53"
)]
pub(crate) fn backlog(backlog: Backlog, now: Timestamp) {
    let age_millis = backlog
        .oldest_received_at
        .map_or(0, |oldest| now.as_millis().saturating_sub(oldest.as_millis()).max(0));
    gauge!("evalward_backlog_waiting").set(backlog.waiting as f64);
    gauge!("evalward_backlog_parked").set(backlog.parked as f64);
    gauge!("evalward_backlog_oldest_age_seconds").set(age_millis as f64 / 1000.0);
}

/// Counts an evaluation that is stored.
pub(crate) fn evaluated(kind: OutcomeKind, took: Duration) {
    counter!("evalward_evaluations_total", "outcome" => kind.to_string()).increment(1);
    histogram!("evalward_evaluation_seconds").record(took);
    tracing::debug!(outcome = %kind, "a sample is evaluated");
}

/// Counts an evaluation that came too late: another worker has the sample.
pub(crate) fn stale(job: i64) {
    counter!("evalward_evaluations_stale_total").increment(1);
    tracing::warn!(job, "an evaluation came after its lease had run out");
}

/// Counts an evaluation that the store did not take: its job is parked, and the store has logged why.
pub(crate) fn refused(job: i64) {
    counter!("evalward_evaluations_parked_total").increment(1);
    tracing::debug!(job, "a sample is parked: its evaluation cannot be stored");
}

/// Counts an attempt that will be repeated.
pub(crate) fn retried(job: i64, attempt: u32, error: &str) {
    counter!("evalward_evaluations_retried_total").increment(1);
    tracing::debug!(job, attempt, "a sample could not be evaluated and is tried again");
    tracing::trace!(job, error, "why it could not be evaluated");
}

/// Counts a sample that is given up until a person looks.
pub(crate) fn parked(job: i64, attempt: u32) {
    counter!("evalward_evaluations_parked_total").increment(1);
    tracing::error!(job, attempt, "a sample is parked: it cannot be evaluated, while others can");
}

/// Tells that nothing can be evaluated at present, and why the last one could not.
pub(crate) fn evaluator_down(pause: Duration) {
    counter!("evalward_evaluator_down_total").increment(1);
    let pause_millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
    tracing::warn!(pause_millis, "no sample could be evaluated; the samples wait");
}

/// Counts a failure of the store behind the scenes.
pub(crate) fn store_failed(operation: &'static str, error: &StoreError) {
    counter!("evalward_store_failures_total", "operation" => operation).increment(1);
    let error: &dyn Error = error;
    tracing::error!(operation, error, "the store failed");
}

/// Counts an evaluation that ended without a word; its sample is evaluated again.
pub(crate) fn evaluation_lost(error: &JoinError) {
    counter!("evalward_evaluations_lost_total").increment(1);
    let error: &dyn Error = error;
    tracing::error!(error, "an evaluation was lost");
}

/// Counts a task that ended with a panic.
pub(crate) fn task_lost(error: &JoinError) {
    counter!("evalward_panics_total").increment(1);
    let error: &dyn Error = error;
    tracing::error!(error, "a task ended with a panic");
}
