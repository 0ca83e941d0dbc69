//! `/api/v1/candidates`: proposed examples, their review, and that they were promoted.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use evalward_core::ExampleId;
use evalward_feedback::{
    ApproveBody, CANDIDATE_STATES, CandidateList, CandidateView, PatternView, PromotedBody,
    RejectBody, ReviewError, approve, reject,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::parameters::Parameters;
use super::{ApiError, Reads, Reviews, body};
use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/candidates", get(list))
        .route("/api/v1/candidates/{id}", get(read))
        .route("/api/v1/candidates/{id}/approve", post(take_approval))
        .route("/api/v1/candidates/{id}/reject", post(take_rejection))
        .route("/api/v1/candidates/{id}/promoted", post(take_promotion))
}

async fn list(
    State(state): State<AppState>,
    Reads(caller): Reads,
    mut parameters: Parameters,
) -> Result<Json<CandidateList>, ApiError> {
    let wanted = parameters.choose("state", &CANDIDATE_STATES)?;
    parameters.finish("`state`")?;
    let candidates = state.store.candidates(&caller.project, wanted).await?;
    let candidates = candidates.into_iter().map(CandidateView::from).collect();
    Ok(Json(CandidateList { candidates }))
}

async fn read(
    State(state): State<AppState>,
    Reads(caller): Reads,
    Path(id): Path<String>,
) -> Result<Json<CandidateView>, ApiError> {
    Ok(Json(state.store.candidate(&caller.project, &id).await?.into()))
}

async fn take_approval(
    State(state): State<AppState>,
    Reviews(caller): Reviews,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CandidateView>, ApiError> {
    let body: ApproveBody = read_object(&headers, body, &state).await?;
    let candidate = state.store.candidate(&caller.project, &id).await?;
    let edit = approve(&candidate, &body, state.clock.now()).map_err(|error| refused(&error))?;
    Ok(Json(state.store.review_candidate(&caller.project, &id, edit).await?.into()))
}

async fn take_rejection(
    State(state): State<AppState>,
    Reviews(caller): Reviews,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CandidateView>, ApiError> {
    let body: RejectBody = read_object(&headers, body, &state).await?;
    let candidate = state.store.candidate(&caller.project, &id).await?;
    let edit = reject(&candidate, &body, state.clock.now()).map_err(|error| refused(&error))?;
    Ok(Json(state.store.review_candidate(&caller.project, &id, edit).await?.into()))
}

async fn take_promotion(
    State(state): State<AppState>,
    Reviews(caller): Reviews,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PatternView>, ApiError> {
    let PromotedBody { example } = read_object(&headers, body, &state).await?;
    let example = ExampleId::new(example)
        .map_err(|error| ApiError::invalid("example", format!("`example` is no id: {error}")))?;
    let now = state.clock.now();
    let pattern = state.store.cover(&caller.project, &id, example.as_str(), now).await?;
    Ok(Json(pattern.into()))
}

fn refused(error: &ReviewError) -> ApiError {
    match error {
        ReviewError::Field { field, .. } => ApiError::invalid(*field, error.to_string()),
        ReviewError::Candidate { .. } => ApiError::new(StatusCode::CONFLICT, error.to_string()),
    }
}

/// Reads a body that is one JSON object, none of whose fields is required by its form.
async fn read_object<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    state: &AppState,
) -> Result<T, ApiError> {
    if body::media_type(headers).as_deref() != Some("application/json") {
        return Err(body::unsupported(headers, "`application/json`"));
    }
    let bytes = body::read(headers, body, state.limits).await?;
    let object: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, format!("the body is not a JSON object: {error}"))
    })?;
    serde_json::from_value(Value::Object(object.clone())).map_err(|error| {
        // A field that is wrong is wrong alone too.
        let is_wrong = |(name, value): &(String, Value)| {
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<T>(Value::Object(alone)).is_err()
        };
        let refused = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
        match object.into_iter().find(is_wrong) {
            Some((name, _)) => refused.with_field(name),
            None => refused,
        }
    })
}
