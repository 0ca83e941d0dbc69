//! What chaos, the measurement of ingest and the demonstration share: a monitor as a process, a plain HTTP client, and traffic.

mod client;
mod process;
mod receiver;
mod spans;
mod windows;

pub(crate) use client::{Answer, Client, SendError};
pub(crate) use process::{MonitorProcess, free_port};
pub(crate) use receiver::Receiver;
pub(crate) use spans::{Span, encode_batch};
pub(crate) use windows::recent_windows;
