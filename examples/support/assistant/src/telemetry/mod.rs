//! One OpenTelemetry span for each answer that is served, sent over OTLP/HTTP where the environment names an endpoint.
//!
//! An answer never waits for it: spans go through a bounded queue to a task of their own.

mod context;
mod exporter;
mod settings;
mod span;

pub(crate) use context::{TraceContext, to_hex};
pub(crate) use exporter::{Exporter, SpanQueue};
pub use settings::ExportSettings;
pub(crate) use span::{Answered, span_of};
