//! The HTTP face: `POST /answer` and `GET /livez`.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rand::rngs::SysError;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

use crate::assistant::Assistant;
use crate::protocol::{Input, Reply};
use crate::telemetry::{
    Answered, ExportSettings, Exporter, SpanQueue, TraceContext, span_of, to_hex,
};

/// The largest request that is read.
const MOST_BYTES: usize = 1_048_576;

/// How long open requests may take once the service stops.
const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Request {
    input: Input,
    /// The id of the conversation that the input is part of; only the exported span tells it.
    #[serde(default)]
    conversation: Option<String>,
}

/// How the assistant is served.
#[derive(Debug, Default)]
pub struct ServeOptions {
    /// The port on the loopback address; 0 takes a free one.
    pub port: u16,
    /// Where a span of each answer goes; nowhere by default.
    pub export: Option<ExportSettings>,
}

/// What the requests share.
#[derive(Debug)]
struct Shared {
    assistant: Assistant,
    spans: Option<SpanQueue>,
}

/// Serves the assistant on the loopback address until the process is interrupted or terminated.
///
/// # Errors
/// Fails where the port cannot be bound or the server breaks.
pub async fn serve(assistant: Assistant, options: ServeOptions) -> Result<()> {
    let port = options.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("failed to bind port `{port}`"))?;
    let address = listener.local_addr().context("failed to read the bound address")?;
    let exporter = options.export.map(Exporter::start).transpose()?;
    let stopped = stop_signals()?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{address}")
        .and_then(|()| stdout.flush())
        .context("failed to announce the address")?;
    let shared = Shared { assistant, spans: exporter.as_ref().map(Exporter::queue) };
    let served = run(listener, shared, stopped).await;
    if let Some(exporter) = exporter {
        exporter.finish().await;
    }
    served
}

/// Serves until `stopped`, then for as long as open requests take, but not forever.
async fn run(
    listener: TcpListener,
    shared: Shared,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = Router::new()
        .route("/answer", post(answer))
        .route("/livez", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Arc::new(shared));
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stopped.await;
        told.notify_one();
    });
    let late = async {
        stopping.notified().await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        served = server.into_future() => served.context("failed to serve"),
        () = late => Ok(()),
    }
}

/// Answers, and tells in headers under which ids the answer is exported, so that a client can refer to it.
async fn answer(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    request: Result<Json<Request>, JsonRejection>,
) -> Result<(AppendHeaders<[(&'static str, String); 2]>, Json<Reply>), Problem> {
    let Json(request) = request?;
    let traceparent = headers.get("traceparent").and_then(|value| value.to_str().ok());
    let context = TraceContext::next(traceparent)?;
    let started = now();
    let reply = shared.assistant.answer(&request.input);
    if let Some(spans) = &shared.spans {
        spans.push(span_of(&Answered {
            context: &context,
            input: &request.input,
            reply: &reply,
            conversation: request.conversation.as_deref(),
            started,
            ended: now(),
        }));
    }
    let ids = [("x-trace-id", to_hex(&context.trace)), ("x-span-id", to_hex(&context.span))];
    Ok((AppendHeaders(ids), Json(reply)))
}

#[expect(clippy::disallowed_methods, reason = "a span tells when the answer really was given")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Returns what completes when the process is interrupted or terminated; the handlers are in place when this returns.
fn stop_signals() -> Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminated =
        signal(SignalKind::terminate()).context("failed to handle the termination signal")?;
    let mut interrupted =
        signal(SignalKind::interrupt()).context("failed to handle the interrupt signal")?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => (),
            _ = interrupted.recv() => (),
        }
    })
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

impl From<SysError> for Problem {
    fn from(_: SysError) -> Self {
        let detail = "the system has no random numbers for the ids of a trace".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, detail }
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
