//! `GET /api/v1/interactions/{id}`: one interaction, with what became of it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use evalward_core::{
    Interaction, InteractionId, Measurement, Outcome, OutcomeKind, Reason, Response, Thumb,
    Timestamp,
};
use evalward_store::{StoredEvaluation, StoredInteraction};
use serde::Serialize;
use serde_json::Value;

use super::{ApiError, Reads};
use crate::redaction::redact_id;
use crate::state::AppState;

/// An interaction, and what sampling, evaluation and users said of it.
#[derive(Debug, Serialize)]
struct Answer {
    interaction: InteractionAnswer,
    received_at: Timestamp,
    segment: String,
    stratum: String,
    /// The probability with which an interaction of that stratum becomes a sample.
    probability: f64,
    sampled: bool,
    thumbs: Vec<&'static str>,
    /// Null where it is no sample, or waits.
    evaluation: Option<EvaluationAnswer>,
}

/// What came in, redacted; the fields are those of `POST /api/v1/interactions`.
#[derive(Debug, Serialize)]
struct InteractionAnswer {
    id: InteractionId,
    trace_id: Option<String>,
    session: Option<String>,
    started_at: Timestamp,
    latency_millis: Option<u64>,
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
    input: BTreeMap<String, Value>,
    response: Option<Response>,
    error: Option<String>,
    withheld: Option<String>,
    attributes: BTreeMap<String, Value>,
    lineage: BTreeMap<String, String>,
}

/// What an evaluation came to, in the form of a run's row.
#[derive(Debug, Serialize)]
struct EvaluationAnswer {
    outcome: OutcomeKind,
    reasons: Vec<Reason>,
    cause: Option<String>,
    scores: BTreeMap<String, Measurement>,
    evaluator: String,
    evaluated_at: Timestamp,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/interactions/{id}", get(read))
}

async fn read(
    State(state): State<AppState>,
    Reads(caller): Reads,
    Path(id): Path<String>,
) -> Result<Json<Answer>, ApiError> {
    let id = InteractionId::new(id).map_err(|error| ApiError::invalid("id", error.to_string()))?;
    // An id that names somebody is stored masked, and is still found by those who know it.
    let stored = state.store.interaction(&caller.project, &redact_id(id)).await?;
    Ok(Json(stored.into()))
}

impl From<StoredInteraction> for Answer {
    fn from(stored: StoredInteraction) -> Self {
        Self {
            interaction: stored.interaction.into(),
            received_at: stored.received_at,
            segment: stored.segment,
            stratum: stored.stratum,
            probability: stored.probability.get(),
            sampled: stored.is_sampled,
            thumbs: stored.thumbs.into_iter().map(thumb_word).collect(),
            evaluation: stored.evaluation.map(EvaluationAnswer::from),
        }
    }
}

impl From<Interaction> for InteractionAnswer {
    fn from(it: Interaction) -> Self {
        Self {
            id: it.id,
            trace_id: it.trace_id,
            session: it.session,
            started_at: it.started_at,
            latency_millis: it.latency_millis,
            service: it.service,
            version: it.version,
            environment: it.environment,
            input: it.input,
            response: it.response,
            error: it.error,
            withheld: it.withheld,
            attributes: it.attributes,
            lineage: it.lineage,
        }
    }
}

impl From<StoredEvaluation> for EvaluationAnswer {
    fn from(stored: StoredEvaluation) -> Self {
        let outcome = stored.outcome.kind();
        let (reasons, cause) = match stored.outcome {
            Outcome::Passed => (Vec::new(), None),
            Outcome::Failed(reasons) => (reasons, None),
            Outcome::Errored(cause) | Outcome::Skipped(cause) => (Vec::new(), Some(cause)),
        };
        let StoredEvaluation { scores, evaluator, evaluated_at, .. } = stored;
        Self { outcome, reasons, cause, scores, evaluator, evaluated_at }
    }
}

const fn thumb_word(thumb: Thumb) -> &'static str {
    match thumb {
        Thumb::Up => "up",
        Thumb::Down => "down",
    }
}

#[cfg(test)]
mod tests;
