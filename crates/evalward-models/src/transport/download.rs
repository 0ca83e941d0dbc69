//! Downloading a large public file, piece by piece.

use std::io::Write;
use std::time::Duration;

use evalward_core::{CallError, CallErrorKind};
use reqwest::{Client, redirect};

use super::client::install_crypto;
use super::failure::Failure;
use crate::{Address, ModelError};

/// How often a server may point elsewhere.
const REDIRECTS: usize = 5;

/// How a file is downloaded.
#[derive(Clone, Copy, Debug)]
pub struct DownloadOptions {
    /// The longest time to connect, name look-up and TLS included.
    pub connect_timeout: Duration,
    /// The longest time without a byte.
    pub stall_timeout: Duration,
    /// The largest file in bytes.
    pub max_bytes: u64,
}

impl Default for DownloadOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(30),
            max_bytes: 8 << 30,
        }
    }
}

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes that were written.
    pub bytes: u64,
    /// The size of the file, where the server tells it.
    pub total: Option<u64>,
}

/// Downloads a public file without keeping it in memory; nothing secret is sent, so redirects are followed. Each piece is
/// written to `to`, then `told` is called.
///
/// # Errors
/// [`CallError`]: nobody answers, the server refuses, the file is too large or ends early, or it cannot be written.
pub async fn download(
    address: &Address,
    to: &mut (dyn Write + Send),
    options: DownloadOptions,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Progress, CallError> {
    let failed = |error| Failure::from_request(error).into_error(&format!("GET {address}"), 1);
    let client = client(options).map_err(|error| CallError::new(CallErrorKind::Failed, error))?;
    let mut response = client.get(address.url().clone()).send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        let message = format!("GET {address}: the server answered {status}");
        return Err(CallError::new(CallErrorKind::Refused, message));
    }
    let mut progress = Progress { bytes: 0, total: response.content_length() };
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        progress.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if progress.bytes > options.max_bytes {
            let message = format!("GET {address}: more than {} bytes", options.max_bytes);
            return Err(CallError::new(CallErrorKind::Malformed, message));
        }
        to.write_all(&piece).map_err(|error| {
            CallError::new(CallErrorKind::Failed, format!("the file cannot be written: {error}"))
        })?;
        told(progress);
    }
    to.flush().map_err(|error| {
        CallError::new(CallErrorKind::Failed, format!("the file cannot be written: {error}"))
    })?;
    Ok(progress)
}

fn client(options: DownloadOptions) -> Result<Client, ModelError> {
    install_crypto();
    let policy = redirect::Policy::custom(|attempt| {
        let was_safe = attempt.previous().first().is_some_and(|url| url.scheme() == "https");
        if was_safe && attempt.url().scheme() != "https" {
            attempt.error("it is redirected to an address without TLS")
        } else if attempt.previous().len() > REDIRECTS {
            attempt.error("it is redirected again and again")
        } else {
            attempt.follow()
        }
    });
    Client::builder()
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.stall_timeout)
        .redirect(policy)
        .user_agent(concat!("evalward/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|source| ModelError::Client { source })
}
