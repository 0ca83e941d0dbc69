//! `GET /api/v1/queue`, and `POST /api/v1/queue/retry-parked`: what waits for its evaluation, and what is to wait again.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use evalward_core::Timestamp;
use serde::Serialize;

use super::{ApiError, Reads, Reviews};
use crate::state::AppState;

#[derive(Debug, Serialize)]
struct QueueAnswer {
    /// Samples that wait or are being evaluated, of all projects.
    waiting: u64,
    /// Samples that were parked with their error.
    parked: u64,
    /// When the oldest that waits came in; null where none does.
    oldest_received_at: Option<Timestamp>,
    /// How long it has waited.
    oldest_age_millis: Option<i64>,
}

#[derive(Debug, Serialize)]
struct RetriedAnswer {
    /// Parked samples of the project that wait again.
    retried: u64,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/queue", get(read))
        .route("/api/v1/queue/retry-parked", post(retry_parked))
}

async fn read(State(state): State<AppState>, _: Reads) -> Result<Json<QueueAnswer>, ApiError> {
    let backlog = state.store.backlog().await?;
    let now = state.clock.now().as_millis();
    let oldest_received_at = backlog.oldest_received_at;
    let age = |oldest: Timestamp| now.saturating_sub(oldest.as_millis()).max(0);
    Ok(Json(QueueAnswer {
        waiting: backlog.waiting,
        parked: backlog.parked,
        oldest_received_at,
        oldest_age_millis: oldest_received_at.map(age),
    }))
}

async fn retry_parked(
    State(state): State<AppState>,
    Reviews(caller): Reviews,
) -> Result<Json<RetriedAnswer>, ApiError> {
    let retried = state.store.retry_parked(&caller.project, state.clock.now()).await?;
    if retried > 0 {
        state.jobs.notify_one();
    }
    Ok(Json(RetriedAnswer { retried }))
}

#[cfg(test)]
mod tests;
