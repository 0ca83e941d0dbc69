//! Statements on alerts and their deliveries.

use std::sync::LazyLock;

use super::{MultiRow, list, statements};

/// Writes deliveries.
pub(crate) static NOTIFY: LazyLock<MultiRow> = LazyLock::new(|| {
    MultiRow::new("INSERT INTO outbox (alert, destination, event, due_at)", 4, "")
});

macro_rules! columns {
    () => {
        "id, project, rule, alert_key, severity, title, detail, state, first_at, last_at, times, resolved_at, acknowledged_by"
    };
}

statements! {
    /// Fires an alert, or counts one that is open. An alert is new where it was signalled as often as was told just now.
    RAISE = "INSERT INTO alerts (project, rule, alert_key, severity, title, detail, state, first_at, last_at, times) \
             VALUES ($1, $2, $3, $4, $5, $6, 'firing', $7, $7, $8) \
             ON CONFLICT (project, rule, alert_key) WHERE state <> 'resolved' \
             DO UPDATE SET times = alerts.times + excluded.times, last_at = excluded.last_at RETURNING id, times";
    RESOLVE = "UPDATE alerts SET state = 'resolved', resolved_at = $3 \
               WHERE id = $1 AND times = $2 AND state <> 'resolved'";
    ACKNOWLEDGE = "UPDATE alerts SET state = 'acknowledged', acknowledged_by = $3 \
                   WHERE project = $1 AND id = $2 AND state <> 'resolved'";
    READ = concat!("SELECT ", columns!(), " FROM alerts WHERE project = $1 AND id = $2");
    READ_EACH = concat!("SELECT ", columns!(), " FROM alerts WHERE id IN ", list!());
    OPEN = concat!("SELECT ", columns!(), " FROM alerts WHERE state <> 'resolved' ORDER BY id DESC");
    LIST = concat!("SELECT ", columns!(), " FROM alerts WHERE project = $1 AND (state <> 'resolved' OR id IN \
                   (SELECT id FROM alerts WHERE project = $1 AND state = 'resolved' ORDER BY id DESC LIMIT $2)) \
                   ORDER BY id DESC");
    DELIVERED = "UPDATE outbox SET is_done = TRUE, delivered_at = $2, error = NULL WHERE id = $1";
    UNDELIVERED = "UPDATE outbox SET error = $2, due_at = $3 WHERE id = $1 AND NOT is_done";
    GIVEN_UP = "UPDATE outbox SET error = $2, is_done = TRUE WHERE id = $1 AND NOT is_done";
}
