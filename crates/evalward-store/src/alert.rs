//! Alerts and the outbox from which they are delivered.

use std::time::Duration;

use evalward_core::Timestamp;
use serde_json::Value;

use crate::{Store, StoreError};

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

impl Store {
    /// Signals alarms: a new alert fires and gets its deliveries, a firing one is counted. Returns how many are new.
    pub async fn raise(
        &self,
        signals: &[AlertSignal],
        destinations: &[String],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let _ = (signals, destinations, now);
        todo!()
    }

    /// Resolves the alert of a rule and key, with its deliveries, where one fires. Returns whether one did.
    pub async fn resolve(
        &self,
        project: &str,
        rule: &str,
        key: &str,
        destinations: &[String],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (project, rule, key, destinations, now);
        todo!()
    }

    /// Records that a person knows of a firing alert.
    pub async fn acknowledge(
        &self,
        project: &str,
        alert: i64,
        by: &str,
    ) -> Result<Alert, StoreError> {
        let _ = (project, alert, by);
        todo!()
    }

    /// Lists alerts, the newest first: those that are not resolved, and of the others the newest `resolved`.
    pub async fn alerts(&self, project: &str, resolved: u32) -> Result<Vec<Alert>, StoreError> {
        let _ = (project, resolved);
        todo!()
    }

    /// Lists every alert of all projects that is not resolved.
    pub async fn open_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        todo!()
    }

    /// Takes up to `limit` deliveries that are due, until `now + duration`.
    pub async fn due_deliveries(
        &self,
        limit: u32,
        duration: Duration,
        now: Timestamp,
    ) -> Result<Vec<Delivery>, StoreError> {
        let _ = (limit, duration, now);
        todo!()
    }

    /// Records that a notification was taken.
    pub async fn delivered(&self, delivery: i64, now: Timestamp) -> Result<(), StoreError> {
        let _ = (delivery, now);
        todo!()
    }

    /// Records that a notification was not taken; it is tried again at `retry_at`, or given up where that is `None`.
    pub async fn undelivered(
        &self,
        delivery: i64,
        error: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let _ = (delivery, error, retry_at);
        todo!()
    }
}
