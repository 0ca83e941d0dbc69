//! `POST /api/v1/feedback`: what a user thought of an answer.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use evalward_core::{InteractionId, Thumb};
use evalward_store::FeedbackTaken;
use serde::Serialize;
use serde_json::Value;

use super::fields::{Fields, Flaw};
use super::{ApiError, Ingests, body, item};
use crate::intake;
use crate::state::AppState;

#[derive(Debug, Serialize)]
struct Answer {
    status: &'static str,
}

struct Feedback {
    interaction: InteractionId,
    thumb: Thumb,
    comment: Option<String>,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/feedback", post(take))
}

async fn take(
    State(state): State<AppState>,
    Ingests(caller): Ingests,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Answer>), ApiError> {
    if body::media_type(&headers).as_deref() != Some("application/json") {
        return Err(body::unsupported(&headers, "`application/json`"));
    }
    let bytes = body::read(&headers, body, state.limits).await?;
    let value = serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}"))
    })?;
    let Feedback { interaction, thumb, comment } = parse(value).map_err(|flaw| {
        let detail = format!("`{}`: {}", flaw.field, flaw.reason);
        ApiError::invalid(flaw.field, detail)
    })?;
    let taken =
        intake::take_in_feedback(&state, &caller.project, interaction, thumb, comment).await?;
    let status = match taken {
        FeedbackTaken::Recorded => "recorded",
        FeedbackTaken::Waiting => "waiting",
        FeedbackTaken::Repeated => "repeated",
    };
    Ok((StatusCode::ACCEPTED, Json(Answer { status })))
}

fn parse(value: Value) -> Result<Feedback, Flaw> {
    let mut fields = Fields::of(value, &["interaction_id", "thumb", "comment"])?;
    let interaction = item::id(&mut fields, "interaction_id")?;
    let thumb = match fields.take("thumb").as_ref().and_then(Value::as_str) {
        Some("up") => Thumb::Up,
        Some("down") => Thumb::Down,
        _ => return Err(Flaw::new("thumb", "send `up` or `down`")),
    };
    let comment = fields.text("comment")?;
    Ok(Feedback { interaction, thumb, comment })
}
