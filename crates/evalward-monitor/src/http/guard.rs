//! What stands around every handler: a time limit, a form for errors that others made, and the count of what was refused.

use std::any::Any;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Refusal;
use super::{ApiError, status, telemetry};

/// How long a request may take in all.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// Bytes of an error text that a library wrote and that is worth showing.
const ERROR_TEXT_BYTES: usize = 4_096;

/// Answers in time and in one form, and counts.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let otlp = status::Encoding::of_request(request.uri().path(), request.headers());
    let answer = tokio::time::timeout(ANSWERED_WITHIN, next.run(request)).await;
    let mut response = match answer {
        Ok(response) => explained(response).await,
        Err(_) => {
            // What was sent may be sent again: interactions are told apart by their id.
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "the answer took too long; try again")
                .with_retry_after(5)
                .into_response()
        }
    };
    telemetry::answered(route, response.status());
    if let (Some(encoding), Some(refusal)) = (otlp, response.extensions_mut().remove::<Refusal>()) {
        response = encoding.restate(response, &refusal.detail);
    }
    response
}

/// Gives an error that the router or an extractor made the form of all others.
async fn explained(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<Refusal>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let text = to_bytes(body, ERROR_TEXT_BYTES).await.unwrap_or_default();
    let detail = if status.is_server_error() || text.is_empty() {
        status.canonical_reason().unwrap_or("the request failed").to_lowercase()
    } else {
        String::from_utf8_lossy(&text).into_owned()
    };
    let (form, body) = ApiError::new(status, detail).into_response().into_parts();
    parts.headers.extend(form.headers);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.extensions.extend(form.extensions);
    Response::from_parts(parts, body)
}

pub(super) async fn unknown_path(uri: Uri) -> ApiError {
    let path = uri.path();
    let detail = match path {
        "/v1/logs" | "/v1/metrics" => format!(
            "`{path}` is not taken in, only `/v1/traces` is; set the exporter of this signal to `none`"
        ),
        _ => format!("there is nothing at `{path}`"),
    };
    ApiError::new(StatusCode::NOT_FOUND, detail)
}

pub(super) async fn unknown_method(method: Method, uri: Uri) -> ApiError {
    let detail = format!("`{}` does not take `{method}`", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that the layer takes")]
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    telemetry::panicked(said);
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "the monitor failed at this request")
        .into_response()
}
