//! Alerts and the outbox from which they are delivered.

use std::time::Duration;

use evalward_core::Timestamp;
use serde_json::Value;

use crate::codec::names;
use crate::database::in_transaction;
use crate::value::values;
use crate::{Store, StoreError, outbox, sql};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Look at it today.
    Medium,
    /// Look at it now.
    High,
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertState {
    /// Its condition holds.
    Firing,
    /// Its condition holds, and a person knows.
    Acknowledged,
    /// Its condition no longer holds.
    Resolved,
}

/// A condition that holds now.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertSignal {
    /// The project.
    pub project: String,
    /// The alarm's name, such as `constraint`.
    pub rule: String,
    /// What it is about, such as a constraint's name and a segment; one alert fires for each rule and key.
    pub key: String,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence for people.
    pub title: String,
    /// What explains it.
    pub detail: Value,
}

/// An alert as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The number.
    pub id: i64,
    /// What was signalled, as of the first time.
    pub signal: AlertSignal,
    /// Where it stands.
    pub state: AlertState,
    /// When it fired.
    pub first_at: Timestamp,
    /// When it was signalled last.
    pub last_at: Timestamp,
    /// How often it was signalled.
    pub count: u64,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// Who acknowledged it.
    pub acknowledged_by: Option<String>,
}

/// A notification that is due, held by this process for a while.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The number; receivers can tell repeated deliveries by it.
    pub id: i64,
    /// The webhook's name.
    pub destination: String,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The alert as of now.
    pub alert: Alert,
    /// What is told: [`AlertState::Firing`] or [`AlertState::Resolved`].
    pub event: AlertState,
}

names!(Severity, "severity", Medium = "medium", High = "high");
names!(
    AlertState,
    "state",
    Firing = "firing",
    Acknowledged = "acknowledged",
    Resolved = "resolved"
);

impl Store {
    /// Signals alarms: a new alert fires and gets its deliveries, a firing one is counted. Returns how many are new.
    pub async fn raise(
        &self,
        signals: &[AlertSignal],
        destinations: &[String],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        if signals.is_empty() {
            return Ok(0);
        }
        in_transaction!(self.database(), "raise alerts", transaction => {
            let signals = signals.iter().collect();
            outbox::raise(&mut transaction, signals, destinations, now).await
        })
    }

    /// Resolves an alert, with its deliveries, and returns whether it did: one that was resolved or signalled since it was read
    /// stays as it is.
    pub async fn resolve(
        &self,
        alert: &Alert,
        destinations: &[String],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        in_transaction!(self.database(), "resolve an alert", transaction => {
            let times = i64::try_from(alert.count).unwrap_or(i64::MAX);
            let values = values![alert.id, times, now];
            if transaction.execute(sql::alert::RESOLVE, values).await? == 0 {
                return Ok(false);
            }
            let event = AlertState::Resolved;
            outbox::notify(&mut transaction, &[alert.id], event, destinations, now).await?;
            Ok(true)
        })
    }

    /// Records that a person knows of a firing alert.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this number, [`StoreError::Conflict`] where it is resolved.
    pub async fn acknowledge(
        &self,
        project: &str,
        alert: i64,
        by: &str,
    ) -> Result<Alert, StoreError> {
        in_transaction!(self.database(), "acknowledge an alert", transaction => {
            let changed = values![project, alert, by];
            let changed = transaction.execute(sql::alert::ACKNOWLEDGE, changed).await?;
            let row = transaction.row(sql::alert::READ, values![project, alert]).await?;
            let row = row.ok_or_else(|| StoreError::NotFound {
                what: "alert",
                id: alert.to_string(),
            })?;
            if changed == 0 {
                return Err(StoreError::Conflict {
                    operation: "acknowledge an alert",
                    problem: format!("alert `{alert}` is resolved"),
                });
            }
            outbox::read(&row)
        })
    }

    /// Lists alerts, the newest first: those that are not resolved, and of the others the newest `resolved`.
    pub async fn alerts(&self, project: &str, resolved: u32) -> Result<Vec<Alert>, StoreError> {
        let mut connection = self.database().read("list alerts").await?;
        let rows = connection.rows(sql::alert::LIST, values![project, resolved]).await?;
        rows.iter().map(outbox::read).collect()
    }

    /// Lists every alert of all projects that is not resolved.
    pub async fn open_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let mut connection = self.database().read("list open alerts").await?;
        let rows = connection.rows(sql::alert::OPEN, Vec::new()).await?;
        rows.iter().map(outbox::read).collect()
    }

    /// Takes up to `limit` deliveries that are due, until `now + duration`.
    ///
    /// The deliveries of an alert to one webhook are taken one after the other, so that none learns of an end before the start.
    pub async fn due_deliveries(
        &self,
        limit: u32,
        duration: Duration,
        now: Timestamp,
    ) -> Result<Vec<Delivery>, StoreError> {
        in_transaction!(self.database(), "take due deliveries", transaction => {
            outbox::claim(&mut transaction, limit, duration, now).await
        })
    }

    /// Records that a notification was taken.
    pub async fn delivered(&self, delivery: i64, now: Timestamp) -> Result<(), StoreError> {
        in_transaction!(self.database(), "record a delivery", transaction => {
            let values = values![delivery, now];
            transaction.execute(sql::alert::DELIVERED, values).await.map(drop)
        })
    }

    /// Records that a notification was not taken; it is tried again at `retry_at`, or given up where that is `None`.
    pub async fn undelivered(
        &self,
        delivery: i64,
        error: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        in_transaction!(self.database(), "record a failed delivery", transaction => {
            let result = match retry_at {
                Some(retry_at) => {
                    let values = values![delivery, error, retry_at];
                    transaction.execute(sql::alert::UNDELIVERED, values).await
                }
                None => transaction.execute(sql::alert::GIVEN_UP, values![delivery, error]).await,
            };
            result.map(drop)
        })
    }
}
