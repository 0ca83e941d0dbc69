//! The server.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Until when callers were told to wait.
    busy_until: Mutex<Option<Instant>>,
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
        let (counting, busy_until) = (Counting::default(), Mutex::default());
        let shared = Arc::new(Shared { options, seed, counting, busy_until });
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
    /// Returns whether callers were told to wait until later than now.
    fn is_waited_for(&self) -> bool {
        let until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn tells_to_wait(&self) {
        let mut until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Instant::now().checked_add(self.options.faults.retry_after);
    }
}

async fn chat(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let Shared { options, seed, counting, .. } = &*shared;
    let number = counting.arrives(question(&body), shared.is_waited_for());
    let _under_way = UnderWay(counting);
    let fault = options.faults.draw(*seed, number);
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
