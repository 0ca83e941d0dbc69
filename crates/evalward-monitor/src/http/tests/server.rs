//! A monitor without workers on a free port of the loopback address, over a store of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use evalward_config::{AlwaysSampled, SamplingConfig};
use evalward_core::{Clock, Digest, Rate, Timestamp};
use evalward_store::{ApiKey, Resolution, Scope, Store, StoreOptions, WindowQuery};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::http::{Auth, router};
use crate::otlp::SpanChoice;
use crate::sampling::SamplingPolicy;
use crate::state::{AppState, Limits, Waiting};
use crate::telemetry;

/// What one request may hold here.
pub(super) const BODY_BYTES: usize = 1 << 20;
/// What one request may hold here after decompression.
pub(super) const DECOMPRESSED_BYTES: usize = 4 << 20;

/// A clock that tests set.
#[derive(Debug)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// A running monitor.
pub(super) struct Server {
    pub(super) state: AppState,
    address: String,
    client: reqwest::Client,
    hands: Arc<Hands>,
    task: JoinHandle<()>,
    _directory: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Server {
    pub(super) async fn start(auth: Auth) -> Self {
        Self::start_with(auth, 1_000, router).await
    }

    pub(super) async fn start_with(
        auth: Auth,
        backlog: u64,
        routes: impl FnOnce(AppState) -> Router,
    ) -> Self {
        let directory = TempDir::new().unwrap();
        let url = Store::url_of_file(&directory.path().join("store.db"));
        let store = Store::open(&url, StoreOptions::default()).await.unwrap();
        let hands = Arc::new(Hands(AtomicI64::new(1_762_179_726_000)));
        let state = AppState {
            store,
            clock: hands.clone(),
            sampling: Arc::new(SamplingPolicy::new(everything())),
            auth: Arc::new(auth),
            limits: Limits {
                body_bytes: BODY_BYTES,
                decompressed_bytes: DECOMPRESSED_BYTES,
                backlog,
            },
            spans: SpanChoice::Generations,
            hallucination: Arc::default(),
            metrics: telemetry::install(),
            waiting: Arc::new(Waiting::default()),
            destinations: Arc::from([]),
            jobs: Arc::new(Notify::new()),
            deliveries: Arc::new(Notify::new()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = routes(state.clone());
        let task = tokio::spawn(async { axum::serve(listener, routes).await.unwrap() });
        // Another test of the process may have installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { state, address, client, hands, task, _directory: directory }
    }

    /// Starts a request; the address begins with a slash.
    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.address))
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    pub(super) async fn post_json(&self, path: &str, body: &str) -> Answer {
        let request = self.post(path).header("content-type", "application/json");
        Answer::of(request.body(body.to_owned())).await
    }

    /// Makes a key and returns it.
    pub(super) async fn add_key(&self, project: &str, scopes: &[Scope]) -> String {
        let name = format!("{project}-{}", scopes.len());
        let key = format!("ew_{name}");
        let stored = ApiKey {
            id: name.clone(),
            project: project.to_owned(),
            name,
            scopes: scopes.iter().copied().collect::<BTreeSet<_>>(),
            hash: Digest::of(key.as_bytes()),
            created_at: self.state.clock.now(),
            revoked_at: None,
        };
        self.state.store.add_key(&stored).await.unwrap();
        key
    }

    /// Moves the clock on.
    pub(super) fn wait(&self, millis: i64) {
        self.hands.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// Counts the interactions that are stored in a project.
    pub(super) async fn stored(&self, project: &str) -> u64 {
        let query = WindowQuery {
            project: project.to_owned(),
            resolution: Resolution::Hour,
            from: Timestamp::from_millis(0),
            until: Timestamp::from_millis(4_000_000_000_000),
        };
        let windows = self.state.store.windows(&query).await.unwrap();
        windows.iter().map(|window| window.seen).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Answer {
    pub(super) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Writes the status, the content type and the body in two lines.
    pub(super) fn shown(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {}\n{body}", self.status.as_u16(), self.header("content-type"))
    }
}

fn everything() -> SamplingConfig {
    SamplingConfig {
        base_rate: Rate::ONE,
        segment_by: Vec::new(),
        segments: BTreeMap::new(),
        always: AlwaysSampled {
            errors: true,
            negative_feedback: true,
            slow: None,
            patterns: Vec::new(),
        },
    }
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
