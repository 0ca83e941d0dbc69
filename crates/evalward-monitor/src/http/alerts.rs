//! `GET /api/v1/alerts`, and `POST /api/v1/alerts/{id}/acknowledge`: what fires, and who knows of it.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use evalward_core::Timestamp;
use evalward_store::Alert;
use serde::Serialize;
use serde_json::Value;

use super::parameters::{Parameters, refused};
use super::{ApiError, Reads, Reviews};
use crate::alarm::{severity_word, state_word};
use crate::state::AppState;

/// How many resolved alerts are listed, and how many may be asked for.
const RESOLVED: u32 = 50;
const MAX_RESOLVED: u32 = 1_000;

#[derive(Debug, Serialize)]
struct ListAnswer {
    alerts: Vec<AlertAnswer>,
}

#[derive(Debug, Serialize)]
struct AlertAnswer {
    id: i64,
    rule: String,
    key: String,
    severity: &'static str,
    state: &'static str,
    title: String,
    detail: Value,
    first_at: Timestamp,
    last_at: Timestamp,
    count: u64,
    resolved_at: Option<Timestamp>,
    acknowledged_by: Option<String>,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/alerts", get(list))
        .route("/api/v1/alerts/{id}/acknowledge", post(acknowledge))
}

async fn list(
    State(state): State<AppState>,
    Reads(caller): Reads,
    mut parameters: Parameters,
) -> Result<Json<ListAnswer>, ApiError> {
    let expected = format!("a number up to {MAX_RESOLVED}");
    let resolved = parameters.read("resolved", &expected)?.unwrap_or(RESOLVED);
    parameters.finish("resolved")?;
    if resolved > MAX_RESOLVED {
        return Err(refused("resolved", &resolved.to_string(), &expected));
    }
    let alerts = state.store.alerts(&caller.project, resolved).await?;
    Ok(Json(ListAnswer { alerts: alerts.into_iter().map(AlertAnswer::from).collect() }))
}

async fn acknowledge(
    State(state): State<AppState>,
    Reviews(caller): Reviews,
    Path(id): Path<String>,
) -> Result<Json<AlertAnswer>, ApiError> {
    let id: i64 = id.parse().map_err(|_| refused("id", &id, "the number of an alert"))?;
    let alert = state.store.acknowledge(&caller.project, id, &caller.name).await?;
    Ok(Json(alert.into()))
}

impl From<Alert> for AlertAnswer {
    fn from(alert: Alert) -> Self {
        let signal = alert.signal;
        Self {
            id: alert.id,
            rule: signal.rule,
            key: signal.key,
            severity: severity_word(signal.severity),
            state: state_word(alert.state),
            title: signal.title,
            detail: signal.detail,
            first_at: alert.first_at,
            last_at: alert.last_at,
            count: alert.count,
            resolved_at: alert.resolved_at,
            acknowledged_by: alert.acknowledged_by,
        }
    }
}

#[cfg(test)]
mod tests;
