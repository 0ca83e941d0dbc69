//! What a webhook gets.

use evalward_core::Timestamp;
use evalward_store::{Alert, Delivery};
use serde::Serialize;
use serde_json::Value;

use crate::alarm::{severity_word, state_word};

/// The version of the form.
const FORMAT: u32 = 1;

/// One notification.
#[derive(Debug, Serialize)]
pub(super) struct Notification<'a> {
    format: u32,
    delivery: i64,
    event: &'static str,
    alert: NotifiedAlert<'a>,
}

/// The alert as of the moment of sending.
#[derive(Debug, Serialize)]
struct NotifiedAlert<'a> {
    id: i64,
    project: &'a str,
    rule: &'a str,
    key: &'a str,
    severity: &'static str,
    state: &'static str,
    title: &'a str,
    detail: &'a Value,
    first_at: Timestamp,
    last_at: Timestamp,
    count: u64,
}

impl<'a> From<&'a Delivery> for Notification<'a> {
    fn from(delivery: &'a Delivery) -> Self {
        let event = state_word(delivery.event);
        let alert = NotifiedAlert::from(&delivery.alert);
        Self { format: FORMAT, delivery: delivery.id, event, alert }
    }
}

impl<'a> From<&'a Alert> for NotifiedAlert<'a> {
    fn from(alert: &'a Alert) -> Self {
        let signal = &alert.signal;
        Self {
            id: alert.id,
            project: &signal.project,
            rule: &signal.rule,
            key: &signal.key,
            severity: severity_word(signal.severity),
            state: state_word(alert.state),
            title: &signal.title,
            detail: &signal.detail,
            first_at: alert.first_at,
            last_at: alert.last_at,
            count: alert.count,
        }
    }
}
