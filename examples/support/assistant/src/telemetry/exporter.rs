//! The task that sends spans in batches.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::settings::ExportSettings;
use super::span::attribute;

/// How many spans wait at most; what comes beyond is lost, so that nothing waits for the exporter.
const MOST_WAITING: usize = 2_048;
/// How many spans one request carries.
const MOST_IN_BATCH: usize = 128;
/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the last spans may take once the service stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// The first pause before a request is repeated; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Takes spans in without waiting.
#[derive(Debug, Clone)]
pub(crate) struct SpanQueue {
    spans: mpsc::Sender<Span>,
    lost: Arc<AtomicU64>,
}

impl SpanQueue {
    /// Puts a span into the queue, or counts it as lost where the queue is full.
    pub(crate) fn push(&self, span: Span) {
        if self.spans.try_send(span).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The running exporter.
#[derive(Debug)]
pub(crate) struct Exporter {
    queue: SpanQueue,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Exporter {
    /// Starts the task that sends spans.
    pub(crate) fn start(settings: ExportSettings) -> Result<Self> {
        // Only an error where another part of the program chose a provider before, which is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::builder()
            .timeout(PATIENCE)
            .build()
            .context("failed to prepare the export of spans")?;
        let (spans, waiting) = mpsc::channel(MOST_WAITING);
        let (stop, stopped) = oneshot::channel();
        let lost = Arc::new(AtomicU64::new(0));
        let sender = Sender { client, settings, lost: Arc::clone(&lost) };
        let batches = Batches { waiting, stopped, is_stopping: false };
        let task = tokio::spawn(send_all(sender, batches));
        Ok(Self { queue: SpanQueue { spans, lost }, stop, task })
    }

    /// Returns the way in.
    pub(crate) fn queue(&self) -> SpanQueue {
        self.queue.clone()
    }

    /// Sends what still waits, for as long as that may take, and says what was lost.
    pub(crate) async fn finish(self) {
        // The task has ended already where nobody listens.
        self.stop.send(()).ok();
        let mut task = self.task;
        if timeout(FAREWELL, &mut task).await.is_err() {
            task.abort();
            report("lost the last spans, which could not be sent in time");
        }
        let lost = self.queue.lost.load(Ordering::Relaxed);
        if lost > 0 {
            report(&format!("lost {} in all", counted(lost)));
        }
    }
}

/// The spans that wait, in the batches in which they are sent.
struct Batches {
    waiting: mpsc::Receiver<Span>,
    stopped: oneshot::Receiver<()>,
    is_stopping: bool,
}

impl Batches {
    /// Returns the next batch: once it is full, or `delay` after its first span, or at once where the service stops. An empty
    /// one is the last.
    async fn next(&mut self, delay: Duration) -> Vec<Span> {
        let mut batch = Vec::new();
        let mut due = None;
        while batch.len() < MOST_IN_BATCH {
            tokio::select! {
                span = self.waiting.recv() => match span {
                    Some(span) => {
                        batch.push(span);
                        due.get_or_insert_with(|| Instant::now() + delay);
                    }
                    None => break,
                },
                () = until(due) => break,
                _ = &mut self.stopped, if !self.is_stopping => {
                    self.is_stopping = true;
                    self.waiting.close();
                }
            }
        }
        batch
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

async fn send_all(sender: Sender, mut batches: Batches) {
    loop {
        let batch = batches.next(sender.settings.delay).await;
        if batch.is_empty() {
            return;
        }
        sender.send(batch).await;
    }
}

/// Sends batches over HTTP.
struct Sender {
    client: Client,
    settings: ExportSettings,
    lost: Arc<AtomicU64>,
}

/// What became of one attempt.
enum Attempt {
    Done,
    /// The receiver cannot take it now; it may say when to come back.
    Again(String, Option<Duration>),
    Refused(String),
}

impl Sender {
    /// Sends a batch, again and again until it is taken or refused.
    async fn send(&self, batch: Vec<Span>) {
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let body = self.request(batch).encode_to_vec();
        let mut pause = FIRST_PAUSE;
        let mut has_reported = false;
        loop {
            match self.attempt(body.clone()).await {
                Attempt::Done => return,
                Attempt::Refused(why) => {
                    self.lost.fetch_add(count, Ordering::Relaxed);
                    return report(&format!("lost {}: {why}", counted(count)));
                }
                Attempt::Again(why, after) => {
                    if !has_reported {
                        report(&format!("spans cannot be sent and will be sent again: {why}"));
                        has_reported = true;
                    }
                    sleep(after.unwrap_or(pause)).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn request(&self, spans: Vec<Span>) -> ExportTraceServiceRequest {
        let pairs = self.settings.resource.iter();
        let attributes = pairs.map(|(name, value)| attribute(name, value.clone())).collect();
        let scope = InstrumentationScope {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let scope_spans = ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() };
        ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans {
                resource: Some(Resource { attributes, ..Resource::default() }),
                scope_spans: vec![scope_spans],
                ..ResourceSpans::default()
            }],
        }
    }

    async fn attempt(&self, body: Vec<u8>) -> Attempt {
        let request = self
            .client
            .post(self.settings.endpoint.clone())
            .headers(self.settings.headers.clone())
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(body);
        match request.send().await {
            Ok(response) => judge(response).await,
            Err(error) => {
                let error = error.without_url();
                Attempt::Again(format!("{:#}", anyhow::Error::from(error)), None)
            }
        }
    }
}

/// Reads the answer by the rules of OTLP: four statuses may be repeated, all others not.
async fn judge(response: Response) -> Attempt {
    let status = response.status();
    if status.is_success() {
        if let Ok(body) = response.bytes().await {
            report_rejected(&body);
        }
        return Attempt::Done;
    }
    let why = format!("the receiver answered {status}");
    match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            let after = response.headers().get(RETRY_AFTER);
            let secs = after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
            Attempt::Again(why, secs.map(Duration::from_secs))
        }
        _ => Attempt::Refused(why),
    }
}

/// Says which spans of a request that was taken were not.
fn report_rejected(body: &[u8]) {
    let Ok(answer) = ExportTraceServiceResponse::decode(body) else { return };
    if let Some(partial) = answer.partial_success.filter(|partial| partial.rejected_spans > 0) {
        let count = partial.rejected_spans.unsigned_abs();
        report(&format!("the receiver rejected {}: {}", counted(count), partial.error_message));
    }
}

fn counted(spans: u64) -> String {
    if spans == 1 { "1 span".to_owned() } else { format!("{spans} spans") }
}

/// Writes a line to stderr.
fn report(line: &str) {
    // Nobody reads it where stderr is closed.
    writeln!(std::io::stderr(), "telemetry: {line}").ok();
}
