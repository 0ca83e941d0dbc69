//! What the targets share.
//!
//! Each target gives bytes to one parser or to all metrics through public functions. It fails on a panic, on ten seconds
//! without an end, and where a law does not hold: what is written reads as the same, a score lies on its scale, spans lie on
//! the boundaries of characters, the same twice gives the same.

mod files;
mod measure;
#[cfg(feature = "monitor")]
mod native;
#[cfg(feature = "monitor")]
#[rustfmt::skip]
#[path = "../../crates/evalward-monitor/src/otlp/mod.rs"]
#[expect(dead_code, reason = "the monitor uses more of it")]
mod otlp;
#[cfg(feature = "monitor")]
#[rustfmt::skip]
#[path = "../../crates/evalward-monitor/src/redaction.rs"]
#[expect(dead_code, reason = "the monitor uses more of it")]
mod redaction;
#[cfg(feature = "monitor")]
mod traffic;

pub use files::Scratch;
pub use measure::{check_measurement, example, measure, now};
#[cfg(feature = "monitor")]
pub use traffic::{native_item, spans_of_json, spans_of_protobuf};
