//! `GET /api/v1/patterns` and `GET /api/v1/patterns/{id}`: groups of failures with one cause.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use evalward_feedback::{PATTERN_STATES, PatternList, PatternView};

use super::parameters::Parameters;
use super::{ApiError, Reads};
use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/patterns", get(list)).route("/api/v1/patterns/{id}", get(read))
}

async fn list(
    State(state): State<AppState>,
    Reads(caller): Reads,
    mut parameters: Parameters,
) -> Result<Json<PatternList>, ApiError> {
    let wanted = parameters.choose("state", &PATTERN_STATES)?;
    parameters.finish("`state`")?;
    let patterns = state.store.patterns(&caller.project, wanted).await?;
    Ok(Json(PatternList { patterns: patterns.into_iter().map(PatternView::from).collect() }))
}

async fn read(
    State(state): State<AppState>,
    Reads(caller): Reads,
    Path(id): Path<String>,
) -> Result<Json<PatternView>, ApiError> {
    Ok(Json(state.store.pattern(&caller.project, &id).await?.into()))
}
