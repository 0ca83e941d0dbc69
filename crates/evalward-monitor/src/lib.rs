//! The monitor: takes in live traffic, samples it, evaluates the samples with a suite's own metrics, aggregates, alarms, and
//! groups failures for review.
//!
//! The program `evalward-monitor` is a thin edge around [`serve`]. Nothing here may make a sender wait for an evaluation: an
//! interaction is answered once it is stored, and everything else happens from the store.

mod alarm;
mod estimate;
mod evaluate;
mod http;
mod intake;
mod notify;
mod otlp;
mod sampling;
mod service;
mod state;
mod telemetry;

pub use service::{ServeError, serve};
