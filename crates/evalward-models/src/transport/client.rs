//! Sending a request until it succeeds or is not worth another attempt.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use backon::Retryable;
use evalward_core::{CallError, Meter};
use futures::future::{Either, select};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, redirect};
use tokio::time::{Instant, timeout};

use super::backoff::FullJitter;
use super::failure::{Failure, Retry};
use super::limits::{Ending, Host, Permit, Quotas, Sign, Stated, estimated_tokens, used_tokens};
use super::{HttpAnswer, HttpCall, TransportOptions};
use crate::ModelError;

/// The HTTP layer of all clients; clones share connections and limits.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    client: Client,
    options: TransportOptions,
    stated: Stated,
    calls: AtomicU64,
}

/// A call on its way, through all of its attempts.
struct Journey<'a> {
    call: HttpCall<'a>,
    host: Arc<Host>,
    /// Its number among the calls of the host.
    number: u64,
    /// How many tokens it may take, where that matters.
    tokens: u64,
    attempts: AtomicU32,
}

/// An attempt that succeeded.
struct Success {
    body: Vec<u8>,
    is_json: bool,
    latency_millis: u64,
}

/// A request that ended.
struct Ended {
    outcome: Result<Success, Failure>,
    /// Whether the host is away, so that the request does not count against the call.
    is_away: bool,
}

impl Transport {
    /// Sets up the client; nothing is connected yet.
    ///
    /// # Errors
    /// [`ModelError::Client`] if the system has no certificates to trust, [`ModelError::Hedge`] if a request would have to be
    /// under way for longer than it may until another one is sent beside it.
    pub fn new(options: TransportOptions) -> Result<Self, ModelError> {
        let timeout = options.request_timeout;
        if let Some(after) = options.hedge_after.filter(|after| *after >= timeout) {
            return Err(ModelError::Hedge { after, timeout });
        }
        install_crypto();
        let builder = Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.request_timeout)
            // A redirect would carry credentials to an address that no one configured.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("evalward/", env!("CARGO_PKG_VERSION")));
        let builder = if options.system_proxy { builder } else { builder.no_proxy() };
        let client = builder.build().map_err(|source| ModelError::Client { source })?;
        let stated = Stated {
            calls_at_once: options.max_calls_per_host,
            requests_per_minute: options.requests_per_minute,
            tokens_per_minute: options.tokens_per_minute,
            patience: options.outage_time,
        };
        Ok(Self(Arc::new(Shared { client, options, stated, calls: AtomicU64::new(0) })))
    }

    /// Sends a request and returns its successful answer.
    ///
    /// # Errors
    /// [`CallError`] of the last attempt; no secret of the call is in its message.
    pub async fn send(&self, call: HttpCall<'_>) -> Result<HttpAnswer, CallError> {
        let options = &self.0.options;
        let journey = self.journey(call);
        // Those that the call is answerable for; attempts that only found the host away are not among them.
        let tries = AtomicU32::new(0);
        let mut first_failure = None;
        let outcome = (|| {
            tries.fetch_add(1, Ordering::Relaxed);
            self.attempt(&journey)
        })
        .retry(self.backoff())
        .sleep(tokio::time::sleep)
        .when(|failure: &Failure| match failure.retry {
            Retry::Never => false,
            Retry::Once => tries.load(Ordering::Relaxed) < 2,
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
        let attempts = journey.attempts.load(Ordering::Relaxed);
        match outcome {
            Ok(Success { body, is_json, latency_millis }) => {
                Ok(HttpAnswer { body, is_json, latency_millis, attempts })
            }
            Err(failure) => Err(self.give_up(&journey, failure, tries.into_inner())),
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

    fn journey<'a>(&self, call: HttpCall<'a>) -> Journey<'a> {
        let options = &self.0.options;
        let host = options.hosts.named(&call.address.host());
        let counts_tokens = options.tokens_per_minute.is_some() || host.counts_tokens();
        let tokens = call.body.filter(|_| counts_tokens).map_or(0, estimated_tokens);
        let number = host.new_call();
        Journey { call, host, number, tokens, attempts: AtomicU32::new(0) }
    }

    fn give_up(&self, journey: &Journey<'_>, mut failure: Failure, tries: u32) -> CallError {
        let call = journey.call;
        let limit = self.0.options.max_retry_time;
        if let Retry::After(pause) = failure.retry
            && tries < self.0.options.max_attempts.get()
        {
            let wait = format!(
                "; it asks to wait {} s, more than is left of the {} s for retries",
                pause.as_secs(),
                limit.as_secs()
            );
            failure.message.push_str(&wait);
        }
        if failure.sign == Sign::Nobody
            && let Some(reason) = journey.host.found_nobody()
        {
            self.report_outage(call, &reason);
        }
        let attempts = journey.attempts.load(Ordering::Relaxed);
        let mut error = failure.into_error(&format!("{} {}", call.method, call.address), attempts);
        error.message = call.blank(&error.message);
        error
    }

    /// Makes an attempt, and another one where the host turns out to be away, since that says nothing of the call.
    async fn attempt(&self, journey: &Journey<'_>) -> Result<Success, Failure> {
        let Journey { call, host, tokens, .. } = journey;
        loop {
            let permit = host.admit(&self.0.stated, *tokens).await.map_err(Failure::from_outage)?;
            let began = Instant::now();
            let first = self.request(journey, permit, began);
            let ended = match self.0.options.hedge_after {
                Some(after) => self.hedged(journey, first, began, after).await,
                None => first.await,
            };
            if !ended.is_away {
                return ended.outcome;
            }
            tracing::debug!(host = call.address.host(), "the host is away, waiting for it");
        }
    }

    /// Waits for a request, and sends another one beside it where it takes long and limits leave room: the first answer counts,
    /// and the other request is dropped.
    ///
    /// See Dean and Barroso, "The tail at scale", Communications of the ACM 56 (2013), "hedged requests".
    async fn hedged(
        &self,
        journey: &Journey<'_>,
        first: impl Future<Output = Ended>,
        began: Instant,
        after: Duration,
    ) -> Ended {
        let mut first = pin!(first);
        if let Ok(ended) = timeout(after, &mut first).await {
            return ended;
        }
        let admitted = journey.host.admit_beside(&self.0.stated, journey.tokens);
        let Some(permit) = admitted.await else { return first.await };
        tracing::debug!(host = journey.call.address.host(), "no answer yet, asking once more");
        let second = pin!(self.request(journey, permit, began));
        match select(first, second).await {
            Either::Left((ended, second)) if ended.is_worth_another() => second.await,
            Either::Right((ended, first)) if ended.outcome.is_err() => first.await,
            Either::Left((ended, _)) | Either::Right((ended, _)) => ended,
        }
    }

    /// Sends a request that is admitted; its latency counts from when the call's attempt began.
    async fn request(&self, journey: &Journey<'_>, permit: Permit, began: Instant) -> Ended {
        let Journey { call, number, tokens, attempts, .. } = journey;
        attempts.fetch_add(1, Ordering::Relaxed);
        self.meter().count_call();
        let mut quotas = Quotas::default();
        let outcome = self.exchange(*call, &mut quotas, began).await;
        let error = outcome.as_ref().err().map(|failure| call.blank(&failure.message));
        let (sign, pause) = match &outcome {
            Ok(success) => (Sign::Answered(self.used(success, *tokens)), None),
            Err(failure) => (failure.sign, self.pause_of(failure)),
        };
        let error = error.as_deref().unwrap_or_default();
        let upshot = permit.end(Ending { call: *number, sign, error, pause, quotas });
        if let Some(reason) = &upshot.given_up {
            self.report_outage(*call, reason);
        }
        Ended { outcome, is_away: upshot.is_away }
    }

    /// Returns for how long the server wants not to be called, unless that is longer than any call would wait.
    fn pause_of(&self, failure: &Failure) -> Option<Duration> {
        let Retry::After(pause) = failure.retry else { return None };
        Some(pause).filter(|pause| *pause <= self.0.options.max_retry_time)
    }

    fn used(&self, success: &Success, estimated: u64) -> Option<u64> {
        let is_limited = self.0.options.tokens_per_minute.is_some() && estimated > 0;
        is_limited.then(|| used_tokens(&success.body)).flatten()
    }

    fn report_outage(&self, call: HttpCall<'_>, reason: &str) {
        tracing::debug!(host = call.address.host(), reason, "the host is given up");
        self.meter().report_outage(format!("`{} {}` {reason}", call.method, call.address));
    }

    async fn exchange(
        &self,
        call: HttpCall<'_>,
        quotas: &mut Quotas,
        began: Instant,
    ) -> Result<Success, Failure> {
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
        let now = self.0.options.clock.now();
        *quotas = Quotas::read(&headers, now);
        let is_json = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("json"));
        let body = read_body(response, self.0.options.max_body_bytes).await?;
        if status.is_success() {
            return Ok(Success { body, is_json, latency_millis: millis(began.elapsed()) });
        }
        Err(Failure::from_status(status, &headers, &body, call.credential, now))
    }
}

impl Ended {
    /// Returns whether it failed in a way that another answer to the same call may not.
    fn is_worth_another(&self) -> bool {
        self.outcome.as_ref().is_err_and(|failure| failure.retry != Retry::Never)
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
