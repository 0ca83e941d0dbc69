//! Raising alerts and writing their deliveries within a transaction.

use std::collections::BTreeMap;
use std::time::Duration;

use evalward_core::Timestamp;

use crate::codec::{from_json, indexed, to_json};
use crate::database::Connection;
use crate::lease::after;
use crate::value::{Row, Value, corrupt, values};
use crate::{Alert, AlertSignal, AlertState, Delivery, Severity, StoreError, sql};

/// Fires or counts alerts, and returns how many are new.
pub(crate) async fn raise(
    transaction: &mut Connection,
    signals: Vec<&AlertSignal>,
    destinations: &[String],
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut by_key: BTreeMap<(&str, String, String), (&AlertSignal, i64)> = BTreeMap::new();
    for signal in signals {
        let key = (signal.project.as_str(), indexed(&signal.rule), indexed(&signal.key));
        by_key.entry(key).or_insert((signal, 0)).1 += 1;
    }
    let mut new = Vec::new();
    for ((project, rule, key), (signal, times)) in by_key {
        let values = values![
            project,
            rule,
            key,
            signal.severity.name(),
            &signal.title,
            to_json("detail", &signal.detail)?,
            now,
            times,
        ];
        let row = transaction.row(sql::alert::RAISE, values).await?;
        let row = row.ok_or_else(|| corrupt("alert", &"it was not returned"))?;
        if row.integer("times")? == times {
            new.push(row.integer("id")?);
        }
    }
    notify(transaction, &new, AlertState::Firing, destinations, now).await?;
    Ok(u64::try_from(new.len()).unwrap_or(u64::MAX))
}

/// Writes the deliveries of an event of alerts.
pub(crate) async fn notify(
    transaction: &mut Connection,
    alerts: &[i64],
    event: AlertState,
    destinations: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let delivery = |alert: i64, destination: &String| -> Vec<Value> {
        values![alert, destination, event.name(), now]
    };
    let rows = alerts.iter().flat_map(|alert| {
        destinations.iter().map(move |destination| delivery(*alert, destination))
    });
    transaction.insert(&sql::alert::NOTIFY, rows.collect()).await
}

/// Claims due deliveries.
pub(crate) async fn claim(
    transaction: &mut Connection,
    limit: u32,
    duration: Duration,
    now: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    let until = after(now, duration).as_millis();
    let rows = transaction.claim_deliveries(limit, now.as_millis(), until).await?;
    let alerts = rows.iter().map(|row| row.integer("alert")).collect::<Result<Vec<_>, _>>()?;
    let alerts = transaction.rows_of(sql::alert::READ_EACH, &alerts).await?;
    let alerts: BTreeMap<i64, Alert> = alerts
        .iter()
        .map(|row| read(row).map(|alert| (alert.id, alert)))
        .collect::<Result<_, _>>()?;
    let mut deliveries = Vec::new();
    for row in rows {
        let Some(alert) = alerts.get(&row.integer("alert")?) else { continue };
        deliveries.push(Delivery {
            id: row.integer("id")?,
            destination: row.text("destination")?,
            attempt: u32::try_from(row.count("attempts")?).unwrap_or(u32::MAX),
            alert: alert.clone(),
            event: AlertState::from_name(&row.text("event")?)?,
        });
    }
    deliveries.sort_by_key(|delivery| delivery.id);
    Ok(deliveries)
}

pub(crate) fn read(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.integer("id")?,
        signal: AlertSignal {
            project: row.text("project")?,
            rule: row.text("rule")?,
            key: row.text("alert_key")?,
            severity: Severity::from_name(&row.text("severity")?)?,
            title: row.text("title")?,
            detail: from_json("detail", &row.text("detail")?)?,
        },
        state: AlertState::from_name(&row.text("state")?)?,
        first_at: row.moment("first_at")?,
        last_at: row.moment("last_at")?,
        count: row.count("times")?,
        resolved_at: row.optional_moment("resolved_at")?,
        acknowledged_by: row.optional_text("acknowledged_by")?,
    })
}
