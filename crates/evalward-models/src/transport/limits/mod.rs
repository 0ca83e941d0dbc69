//! What a host is spared: rates, calls at a time, pauses it asks for, and calls while it does not answer.

mod circuit;
mod concurrency;
mod headers;
mod host;
mod hosts;
mod latency;
mod learned;
mod rate;
mod state;
#[cfg(test)]
mod tests;
mod tokens;

pub(super) use headers::Quotas;
pub(super) use host::{Host, Permit};
pub use hosts::Hosts;
pub(super) use state::{Ending, Sign, Stated};
pub(super) use tokens::{estimated_tokens, used_tokens};
