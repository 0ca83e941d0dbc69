//! The server.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Json, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use evalward_core::Seed;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::answer::{answer, question, reply_to};
use crate::counters::Counting;
use crate::replies::reply;
use crate::{Counters, Fault, Options};

/// What was sent before a refusal was read may come so much later.
const ON_THE_WAY: Duration = Duration::from_millis(50);

/// A running server, which ends with the value.
#[derive(Debug)]
pub struct LoadServer {
    address: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    options: Options,
    seed: Seed,
    counting: Counting,
    /// Since when and until when callers are told to wait.
    busy: Mutex<Option<(Instant, Instant)>>,
    is_revived: AtomicBool,
}

impl LoadServer {
    /// Starts a server on this machine's loopback address.
    ///
    /// # Errors
    /// [`io::Error`] if the port cannot be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let seed = Seed::from_number(options.seed).derive("faults");
        let (counting, busy, is_revived) = Default::default();
        let shared = Arc::new(Shared { options, seed, counting, busy, is_revived });
        let router = Router::new()
            .route("/v1/chat/completions", post(chat))
            .route("/counters", get(counters))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // It ends with the process or with the value, and there is nobody to tell.
            drop(axum::serve(listener, router).await);
        });
        Ok(Self { address, shared, task })
    }

    /// Returns the address before `/v1`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Lets a server that died answer again.
    pub fn revive(&self) {
        self.shared.is_revived.store(true, Ordering::Relaxed);
    }

    /// Returns what it has seen so far.
    pub fn counters(&self) -> Counters {
        self.shared.counting.counters()
    }
}

impl Drop for LoadServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A request that is under way; it is counted out even where the caller goes away.
struct UnderWay<'a>(&'a Counting);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.leaves();
    }
}

impl Shared {
    /// Returns whether the caller of a request that comes now can have known that it has to wait longer.
    fn is_waited_for(&self) -> bool {
        let busy = *self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.is_some_and(|(since, until)| (since + ON_THE_WAY..until).contains(&Instant::now()))
    }

    fn tells_to_wait(&self) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let since = busy.filter(|(_, until)| now < *until).map_or(now, |(since, _)| since);
        *busy = Some((since, now + self.options.faults.retry_after));
    }

    /// Draws the fault of a request by its number.
    fn fault_of(&self, request: u64) -> Option<Fault> {
        let Options { faults, life, .. } = &self.options;
        let is_dead = life.is_some_and(|life| request >= life);
        if is_dead && !self.is_revived.load(Ordering::Relaxed) {
            return Some(Fault::Broken);
        }
        faults.draw(self.seed, request)
    }
}

async fn chat(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let Shared { options, counting, .. } = &*shared;
    let number = counting.arrives(question(&body), shared.is_waited_for());
    let _under_way = UnderWay(counting);
    let fault = shared.fault_of(number);
    match fault {
        Some(Fault::Busy) => {
            counting.ends_with(fault);
            shared.tells_to_wait();
            let error = json!({"error": {"message": "too many requests"}});
            let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(error)).into_response();
            let wait = options.faults.retry_after.as_secs();
            response.headers_mut().insert("retry-after", HeaderValue::from(wait));
            response
        }
        Some(Fault::Broken) => {
            counting.ends_with(fault);
            let error = json!({"error": {"message": "something broke"}});
            (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response()
        }
        Some(Fault::Hanging) => {
            counting.ends_with(fault);
            std::future::pending().await
        }
        Some(Fault::Malformed) => {
            tokio::time::sleep(options.latency).await;
            counting.ends_with(fault);
            "this is no chat answer".into_response()
        }
        None => {
            tokio::time::sleep(options.latency).await;
            counting.ends_with(None);
            let reply = reply(options, &body);
            let reply = reply_to(question(&body), reply, options.repeated.as_ref());
            Json(answer(&body, &reply)).into_response()
        }
    }
}

async fn counters(State(shared): State<Arc<Shared>>) -> Json<Counters> {
    Json(shared.counting.counters())
}
