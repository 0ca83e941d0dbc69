//! What the outbox tells those who operate it: one function counts and logs each event.

use std::error::Error;
use std::time::Duration;

use evalward_store::{Delivery, StoreError};

const NOTIFICATIONS: &str = "evalward_notifications_total";

/// A webhook took a notification.
pub(super) fn delivered(delivery: &Delivery) {
    metrics::counter!(NOTIFICATIONS, "result" => "delivered").increment(1);
    let Delivery { id, destination, attempt, .. } = delivery;
    tracing::info!(delivery = id, webhook = destination, attempt, "notification delivered");
}

/// A webhook did not take a notification, which will be tried again.
pub(super) fn postponed(delivery: &Delivery, problem: &str, pause: Duration) {
    metrics::counter!(NOTIFICATIONS, "result" => "postponed").increment(1);
    let Delivery { id, destination, attempt, .. } = delivery;
    let pause_secs = pause.as_secs_f64();
    tracing::warn!(
        delivery = id,
        webhook = destination,
        attempt,
        problem,
        pause_secs,
        "notification not taken"
    );
}

/// A notification will not be tried again.
pub(super) fn given_up(delivery: &Delivery, problem: &str) {
    metrics::counter!(NOTIFICATIONS, "result" => "given_up").increment(1);
    let Delivery { id, destination, attempt, alert, .. } = delivery;
    tracing::error!(
        delivery = id,
        webhook = destination,
        attempt,
        problem,
        alert = alert.id,
        rule = alert.signal.rule,
        "notification given up"
    );
}

/// The outbox could not be read or written; the next round makes up for it.
pub(super) fn store_failed(error: &StoreError) {
    metrics::counter!("evalward_outbox_errors_total").increment(1);
    let error: &dyn Error = error;
    tracing::error!(error, "the outbox could not be read or written");
}
