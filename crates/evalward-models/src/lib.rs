//! Clients of the outside world: chat models over HTTP, programs that speak JSON lines, and the tape that records and replays
//! their answers.
//!
//! This crate knows neither suites nor datasets, reads no environment, and never shows a credential. Start at [`OpenAiChat`]
//! or [`AnthropicChat`] over a [`Transport`]; put a [`Tape`] around them with [`TapedChat`].
//!
//! ```
//! use evalward_models::{OpenAiChat, OpenAiOptions, Transport, TransportOptions};
//!
//! let transport = Transport::new(TransportOptions::default())?;
//! let options = OpenAiOptions { api_key: Some("sk-test".into()), ..OpenAiOptions::default() };
//! let model = OpenAiChat::new(transport, &options)?;
//! assert!(!format!("{model:?}").contains("sk-test"));
//! # Ok::<(), evalward_models::ModelError>(())
//! ```

mod address;
mod chat;
mod embeddings;
mod error;
mod excerpt;
mod headers;
mod lines;
pub mod program;
mod tape;
mod transport;

pub use address::Address;
pub use chat::{AnthropicChat, AnthropicOptions, OpenAiChat, OpenAiOptions, Price, TapedChat};
pub use embeddings::{OpenAiEmbedder, OpenAiEmbedderOptions, TapedEmbedder};
pub use error::ModelError;
pub use excerpt::excerpt;
pub use headers::Headers;
pub use lines::LineFile;
pub use tape::{CallKey, Tape, TapeAnswer};
pub use transport::{
    DownloadOptions, HttpAnswer, HttpCall, HttpMethod, ParseMethodError, Progress, Transport,
    TransportOptions, download, retry_after,
};
