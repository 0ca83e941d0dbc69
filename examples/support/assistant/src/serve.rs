//! The HTTP face: `POST /answer` and `GET /livez`.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

use crate::assistant::Assistant;
use crate::protocol::{Input, Reply};

/// The largest request that is read.
const MOST_BYTES: usize = 1_048_576;

#[derive(Deserialize)]
struct Request {
    input: Input,
}

/// Serves the assistant on the loopback address until the process is interrupted; port 0 takes a free one.
///
/// # Errors
/// Fails where the port cannot be bound or the server breaks.
pub async fn serve(assistant: Assistant, port: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("failed to bind port `{port}`"))?;
    let address = listener.local_addr().context("failed to read the bound address")?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{address}")
        .and_then(|()| stdout.flush())
        .context("failed to announce the address")?;
    let router = Router::new()
        .route("/answer", post(answer))
        .route("/livez", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Arc::new(assistant));
    axum::serve(listener, router)
        .with_graceful_shutdown(interrupted())
        .await
        .context("failed to serve")
}

async fn answer(
    State(assistant): State<Arc<Assistant>>,
    request: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Reply>, Problem> {
    let Json(request) = request?;
    Ok(Json(assistant.answer(&request.input)))
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a signal handler the process simply runs until it is killed.
        std::future::pending::<()>().await;
    }
}

/// A request that cannot be answered, as a problem document (RFC 9457).
#[derive(Debug)]
struct Problem {
    status: StatusCode,
    detail: String,
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self { status: rejection.status(), detail: rejection.body_text() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("error");
        let body = json!({"title": title, "status": self.status.as_u16(), "detail": self.detail});
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string())
            .into_response()
    }
}
