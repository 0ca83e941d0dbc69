//! Sending one notification to one webhook.

use std::error::Error;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use evalward_core::Timestamp;
use evalward_models::retry_after;
use evalward_store::Delivery;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, StatusCode, Url, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::body::Notification;

/// The header by which receivers tell repeated deliveries.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Where notifications are sent to.
///
/// The address is a secret, for whoever knows it can write: neither `Debug` nor an error shows it.
pub(crate) struct Webhook {
    name: String,
    url: Url,
    client: Client,
}

/// Why a webhook cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebhookError {
    /// The address is none.
    #[error("use the address of webhook `{name}`: {problem}")]
    Address {
        /// The webhook.
        name: String,
        /// What is wrong with it; the address itself is not told.
        problem: String,
    },
    /// There is no HTTP client.
    #[error("set up the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Why a notification was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What happened, without the address.
    pub(super) problem: String,
    /// The time that the receiver asks for.
    pub(super) asked: Option<Duration>,
}

impl Webhook {
    /// Sets up a webhook; nothing is connected yet.
    ///
    /// # Errors
    /// [`WebhookError`] where the address is no `http` or `https` URL, or the system has no certificates to trust.
    pub(crate) fn new(
        name: String,
        url: &SecretString,
        time_limit: Duration,
    ) -> Result<Self, WebhookError> {
        let refused = |problem: String| WebhookError::Address { name: name.clone(), problem };
        let url = Url::parse(url.expose_secret()).map_err(|error| refused(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(format!("its scheme is `{}`, not http or https", url.scheme())));
        }
        let client = client(time_limit).map_err(WebhookError::Client)?;
        Ok(Self { name, url, client })
    }

    /// Returns the name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sends a notification.
    pub(super) async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<(), Refusal> {
        let request = self
            .client
            .post(self.url.clone())
            .header(IDEMPOTENCY_KEY, format!("evalward-{}", delivery.id))
            .json(&Notification::from(delivery));
        let response = request.send().await.map_err(|error| self.unanswered(error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|value| retry_after(value, now));
        Err(Refusal { problem: refused(status), asked })
    }

    fn unanswered(&self, error: reqwest::Error) -> Refusal {
        let error = error.without_url();
        let what = match &error {
            error if error.is_timeout() => "gave no answer in time",
            error if error.is_connect() => "cannot be reached",
            _ => "broke the connection",
        };
        let cause = innermost(&error);
        // A certificate's error names the host, which is a part of the address.
        let tells = self.url.host_str().is_some_and(|host| cause.contains(host));
        let problem = if tells { what.to_owned() } else { format!("{what}: {cause}") };
        Refusal { problem, asked: None }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Webhook").field("name", &self.name).finish_non_exhaustive()
    }
}

fn client(time_limit: Duration) -> Result<Client, reqwest::Error> {
    // Another part of the program may have chosen a provider before, which is as good.
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    INSTALLED.get_or_init(|| rustls::crypto::ring::default_provider().install_default().is_ok());
    Client::builder()
        .timeout(time_limit)
        // A redirect would carry the notification to an address that no one configured.
        .redirect(redirect::Policy::none())
        .user_agent(concat!("evalward-monitor/", env!("CARGO_PKG_VERSION")))
        .build()
}

fn refused(status: StatusCode) -> String {
    let remark = if status.is_redirection() { "; redirects are not followed" } else { "" };
    format!("answered with status {}{remark}", status.as_u16())
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
