//! The one HTTP layer: pooled connections, time-outs, retries, limits per host, and errors that name place and remedy.

mod backoff;
mod call;
mod client;
mod download;
mod failure;
mod limits;
mod options;
mod retry_after;
#[cfg(test)]
mod tests;

pub use call::{HttpAnswer, HttpCall, HttpMethod, ParseMethodError};
pub use client::Transport;
pub(crate) use client::millis;
pub use download::{DownloadOptions, Progress, download};
pub use limits::Hosts;
pub use options::TransportOptions;
pub use retry_after::retry_after;
