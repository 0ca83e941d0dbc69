//! Settings of the HTTP layer.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{Clock, Meter, Seed, SystemClock};

use super::Hosts;

/// How requests are sent, limited and retried.
#[derive(Clone, Debug)]
pub struct TransportOptions {
    /// The longest time to connect, name look-up and TLS included.
    pub connect_timeout: Duration,
    /// The longest time of one attempt, the body of its answer included.
    pub request_timeout: Duration,
    /// After how long without an answer a second request is sent beside the first one; without one, none is.
    pub hedge_after: Option<Duration>,
    /// The most attempts, the first included.
    pub max_attempts: NonZeroU32,
    /// The upper end of the first pause; it doubles with every further one.
    pub backoff_base: Duration,
    /// The longest time from the first failure to the start of the last attempt.
    pub max_retry_time: Duration,
    /// The most requests to one host at a time; without one only the run's own limit of calls counts.
    pub max_calls_per_host: Option<NonZeroUsize>,
    /// The most requests to one host in any minute, repeated attempts included.
    pub requests_per_minute: Option<NonZeroU32>,
    /// The most tokens of requests to one host and their answers in a minute: estimated before, corrected by what answers say.
    pub tokens_per_minute: Option<NonZeroU32>,
    /// How long calls wait for a host that stopped answering.
    pub outage_time: Duration,
    /// The largest answer in bytes.
    pub max_body_bytes: usize,
    /// Whether the system's proxy settings are used.
    pub system_proxy: bool,
    /// What the jitter of pauses is drawn from.
    pub seed: Seed,
    /// What a `Retry-After` date is compared with.
    pub clock: Arc<dyn Clock>,
    /// What counts the requests, and what answers took.
    pub meter: Meter,
    /// What is known of hosts; shared by all clients whose calls count together.
    pub hosts: Hosts,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            request_timeout: Duration::from_mins(1),
            hedge_after: None,
            max_attempts: NonZeroU32::new(5).expect("five is not zero"),
            backoff_base: Duration::from_millis(500),
            max_retry_time: Duration::from_mins(1),
            max_calls_per_host: None,
            requests_per_minute: None,
            tokens_per_minute: None,
            outage_time: Duration::from_secs(8),
            max_body_bytes: 64 * 1024 * 1024,
            system_proxy: true,
            seed: Seed::from_number(0),
            clock: Arc::new(SystemClock),
            meter: Meter::default(),
            hosts: Hosts::default(),
        }
    }
}
