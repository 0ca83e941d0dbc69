//! A small customer-support assistant for the fictional product Cobblenote.
//!
//! It is the live application that the evalward examples evaluate: it finds the sentences of a knowledge base that
//! answer a question (BM25 over sentences, with spelling correction and a table of synonyms) and puts them between a
//! greeting and a closing. It refuses politely what it must not or cannot answer. While it serves it can export a span of
//! each answer over OpenTelemetry. It knows nothing of evalward, of datasets or of metrics.
//!
//! The entry point is [`Assistant::answer`]:
//!
//! ```
//! use support_assistant::{Assistant, Input, Patch, default_kb};
//! let assistant = Assistant::load(&default_kb(), Patch::None)?;
//! let reply = assistant.answer(&Input::Question("How much is the Team plan?".to_owned()));
//! assert!(reply.output.contains("$12"));
//! # Ok::<(), anyhow::Error>(())
//! ```

mod assistant;
mod compose;
mod conversation;
mod guard;
mod index;
mod json_lines;
mod kb;
mod lexicon;
mod protocol;
mod serve;
mod spelling;
mod telemetry;

pub use assistant::{Assistant, default_kb};
pub use compose::Patch;
pub use json_lines::json_lines;
pub use protocol::{Document, Input, Message, Reply};
pub use serve::{ServeOptions, serve};
pub use telemetry::ExportSettings;
