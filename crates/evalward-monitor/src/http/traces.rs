//! `POST /v1/traces`: spans by OTLP over HTTP.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use prost::Message as _;
use serde_json::json;

use super::status::Encoding;
use super::{ApiError, Ingests, body, telemetry};
use crate::state::AppState;
use crate::{intake, otlp};

const ROUTE: &str = "/v1/traces";

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(ROUTE, post(take))
}

async fn take(
    State(state): State<AppState>,
    Ingests(caller): Ingests,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let Some(encoding) = Encoding::of_content(&headers) else {
        let accepted = "`application/x-protobuf` or `application/json`";
        return Err(body::unsupported(&headers, accepted));
    };
    let bytes = body::read(&headers, body, state.limits).await?;
    let now = state.clock.now();
    let choice = state.spans;
    let read = move || match encoding {
        Encoding::Protobuf => otlp::read_protobuf(&bytes, choice, now),
        Encoding::Json => otlp::read_json(&bytes, choice, now),
    };
    let batch = body::blocking(read)
        .await
        .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    batch.count();
    let (rejected, message) = (batch.rejected(), batch.message());
    if !batch.interactions.is_empty() {
        intake::take_in(&state, &caller.project, batch.interactions).await?;
    }
    telemetry::items_refused(ROUTE, rejected);
    Ok(accepted(encoding, rejected, message))
}

fn accepted(encoding: Encoding, rejected: u64, message: String) -> Response {
    let content_type = [(header::CONTENT_TYPE, encoding.content_type())];
    let body = match encoding {
        Encoding::Protobuf => {
            let partial_success = (rejected > 0).then(|| ExportTracePartialSuccess {
                rejected_spans: i64::try_from(rejected).unwrap_or(i64::MAX),
                error_message: message,
            });
            ExportTraceServiceResponse { partial_success }.encode_to_vec()
        }
        // In protobuf's JSON a 64-bit number is a text.
        Encoding::Json if rejected > 0 => {
            json!({"partialSuccess": {"rejectedSpans": rejected.to_string(), "errorMessage": message}})
                .to_string()
                .into_bytes()
        }
        Encoding::Json => b"{}".to_vec(),
    };
    (content_type, body).into_response()
}
