//! Whether the monitor lives and is ready, and its metrics.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::ApiError;
use crate::state::AppState;

/// How long the store may take to answer before the monitor counts as not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    let refused = |detail: &str| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail);
    match tokio::time::timeout(READY_WITHIN, state.store.ping()).await {
        Ok(Ok(())) => Ok("ok\n"),
        Ok(Err(_)) => Err(refused("the store does not answer")),
        Err(_) => Err(refused("the store does not answer in time")),
    }
}

async fn metrics(State(state): State<AppState>) -> Response {
    let form = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, form)], state.metrics.render()).into_response()
}
