//! Sending a request until it succeeds or is not worth another attempt.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use backon::Retryable;
use evalward_core::{CallError, Meter};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, redirect};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::backoff::FullJitter;
use super::failure::{Failure, Retry};
use super::{HttpAnswer, HttpCall, TransportOptions};
use crate::ModelError;

/// The HTTP layer of all clients; clones share connections and limits.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    client: Client,
    options: TransportOptions,
    hosts: Mutex<BTreeMap<String, Arc<Semaphore>>>,
    calls: AtomicU64,
}

/// An attempt that succeeded.
struct Success {
    body: Vec<u8>,
    is_json: bool,
    latency_millis: u64,
}

impl Transport {
    /// Sets up the client; nothing is connected yet.
    ///
    /// # Errors
    /// [`ModelError::Client`] if the system has no certificates to trust.
    pub fn new(options: TransportOptions) -> Result<Self, ModelError> {
        install_crypto();
        let builder = Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.request_timeout)
            // A redirect would carry credentials to an address that no one configured.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("evalward/", env!("CARGO_PKG_VERSION")));
        let builder = if options.system_proxy { builder } else { builder.no_proxy() };
        let client = builder.build().map_err(|source| ModelError::Client { source })?;
        let hosts = Mutex::default();
        Ok(Self(Arc::new(Shared { client, options, hosts, calls: AtomicU64::new(0) })))
    }

    /// Sends a request and returns its successful answer.
    ///
    /// # Errors
    /// [`CallError`] of the last attempt; no secret of the call is in its message.
    pub async fn send(&self, call: HttpCall<'_>) -> Result<HttpAnswer, CallError> {
        let options = &self.0.options;
        let attempts = AtomicU32::new(0);
        let mut first_failure = None;
        let outcome = (|| {
            attempts.fetch_add(1, Ordering::Relaxed);
            self.attempt(call)
        })
        .retry(self.backoff())
        .sleep(tokio::time::sleep)
        .when(|failure: &Failure| match failure.retry {
            Retry::Never => false,
            Retry::Once => attempts.load(Ordering::Relaxed) < 2,
            Retry::Paced | Retry::After(_) => true,
        })
        .adjust(|failure: &Failure, pause| {
            let elapsed = first_failure.get_or_insert_with(Instant::now).elapsed();
            pause_within(failure.retry, pause?, options.max_retry_time.saturating_sub(elapsed))
        })
        .notify(|failure: &Failure, pause| {
            let pause_millis = millis(pause);
            let host = call.address.host();
            tracing::debug!(host, pause_millis, kind = ?failure.kind, "attempt failed, trying again");
        })
        .await;
        let attempts = attempts.into_inner();
        match outcome {
            Ok(Success { body, is_json, latency_millis }) => {
                Ok(HttpAnswer { body, is_json, latency_millis, attempts })
            }
            Err(failure) => Err(self.give_up(call, failure, attempts)),
        }
    }

    /// Returns what counts the calls.
    pub fn meter(&self) -> &Meter {
        &self.0.options.meter
    }

    fn backoff(&self) -> FullJitter {
        let TransportOptions { backoff_base, max_attempts, seed, .. } = &self.0.options;
        let call = self.0.calls.fetch_add(1, Ordering::Relaxed);
        let seed = seed.derive("retry").derive(&call.to_string());
        FullJitter::new(*backoff_base, max_attempts.get() - 1, seed)
    }

    fn give_up(&self, call: HttpCall<'_>, mut failure: Failure, attempts: u32) -> CallError {
        let limit = self.0.options.max_retry_time;
        if let Retry::After(pause) = failure.retry
            && attempts < self.0.options.max_attempts.get()
        {
            let wait = format!(
                "; it asks to wait {} s, more than is left of the {} s for retries",
                pause.as_secs(),
                limit.as_secs()
            );
            failure.message.push_str(&wait);
        }
        let mut error = failure.into_error(&format!("{} {}", call.method, call.address), attempts);
        error.message = call.blank(&error.message);
        error
    }

    async fn attempt(&self, call: HttpCall<'_>) -> Result<Success, Failure> {
        let _permit = self.permit(call).await;
        self.meter().count_call();
        let started = Instant::now();
        let mut request = self
            .0
            .client
            .request(call.method.into(), call.address.url().clone())
            .headers(call.headers.map().clone());
        if let Some(body) = call.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(Failure::from_request)?;
        let status = response.status();
        let headers = response.headers().clone();
        let is_json = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("json"));
        let body = read_body(response, self.0.options.max_body_bytes).await?;
        if status.is_success() {
            return Ok(Success { body, is_json, latency_millis: millis(started.elapsed()) });
        }
        let now = self.0.options.clock.now();
        Err(Failure::from_status(status, &headers, &body, call.credential, now))
    }

    /// Waits until the host may be called; the permit is held for one attempt, not for the pauses between.
    async fn permit(&self, call: HttpCall<'_>) -> Option<OwnedSemaphorePermit> {
        let most = self.0.options.max_calls_per_host?;
        let semaphore = {
            let mut hosts = self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(most.get()));
            Arc::clone(hosts.entry(call.address.host()).or_insert_with(new))
        };
        semaphore.acquire_owned().await.ok()
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transport")
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}

/// Returns the pause before the next attempt, or `None` where it would not start in time.
fn pause_within(retry: Retry, jitter: Duration, left: Duration) -> Option<Duration> {
    let least = if let Retry::After(least) = retry { least } else { Duration::ZERO };
    // Many calls are told the same moment; the jitter keeps them from coming back all at once.
    let pause = least.saturating_add(jitter).min(left);
    (least <= left && !left.is_zero()).then_some(pause)
}

async fn read_body(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::from_request)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Failure::too_large(max_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Makes ring the provider of all TLS, unless the program that embeds us chose one before.
pub(super) fn install_crypto() {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    INSTALLED.get_or_init(|| rustls::crypto::ring::default_provider().install_default().is_ok());
}

/// Returns a duration in whole milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(retry: Retry, left: u64, expected: Option<u64>) {
        let pause = pause_within(retry, Duration::from_secs(2), Duration::from_secs(left));
        assert_eq!(pause, expected.map(Duration::from_secs));
    }

    #[test]
    fn pauses_are_no_shorter_than_asked_and_end_in_time() {
        let after = |secs| Retry::After(Duration::from_secs(secs));
        check(Retry::Paced, 60, Some(2));
        check(Retry::Paced, 1, Some(1));
        check(Retry::Paced, 0, None);
        check(after(7), 60, Some(9));
        check(after(7), 8, Some(8));
        check(after(7), 6, None);
        check(after(u64::MAX), 60, None);
    }
}
