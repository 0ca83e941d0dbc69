//! The monitor: takes in live traffic, samples it, evaluates the samples with a suite's own metrics, aggregates, alarms, and
//! groups failures for review.
//!
//! The program `evalward-monitor` is a thin edge around [`serve`]. Nothing here may make a sender wait for an evaluation: an
//! interaction is answered once it is stored, and everything else happens from the store.

mod alarm;
mod backlog;
mod estimate;
mod evaluate;
#[cfg(test)]
mod fixture;
mod http;
mod intake;
mod key;
mod notify;
mod otlp;
mod redaction;
mod sampling;
mod service;
mod state;
mod tasks;
mod telemetry;

pub use key::{CreatedKey, KeyError, NewKey, create_key, list_keys, revoke_key};
pub use service::{ServeError, serve};
