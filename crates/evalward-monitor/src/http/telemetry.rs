//! What the HTTP face counts and logs.

use axum::http::StatusCode;

/// Counts an answer, and an error by its reason.
pub(super) fn answered(route: &str, status: StatusCode) {
    let route = route.to_owned();
    metrics::counter!("evalward_requests_total", "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    if status.is_client_error() || status.is_server_error() {
        metrics::counter!("evalward_refused_total", "route" => route.clone(), "reason" => reason(status)).increment(1);
        tracing::debug!(route, status = status.as_u16(), "a request was refused");
    }
}

/// Counts items of a batch that were refused while the others were taken.
pub(super) fn items_refused(route: &'static str, count: u64) {
    if count > 0 {
        metrics::counter!("evalward_refused_total", "route" => route, "reason" => "invalid_item")
            .increment(count);
        tracing::debug!(route, count, "items of a batch were refused");
    }
}

/// Logs a panic of a handler.
pub(super) fn panicked(said: &str) {
    metrics::counter!("evalward_panics_total").increment(1);
    tracing::error!(panic = said, "a handler panicked");
}

fn reason(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "malformed",
        401 => "no_key",
        403 => "no_scope",
        404 => "not_found",
        405 => "method",
        408 => "slow_body",
        409 => "conflict",
        413 => "too_large",
        415 => "content_type",
        422 => "invalid",
        429 => "busy",
        503 => "unavailable",
        500..=599 => "failed",
        _ => "other",
    }
}
