//! Clients of the outside world: chat and embedding models over HTTP, programs that speak JSON lines, the tape that records and
//! replays their answers, and the cache that keeps answers on the disk.
//!
//! This crate knows neither suites nor datasets, reads no environment, and never shows a credential. Start at [`OpenAiChat`]
//! or [`AnthropicChat`] over a [`Transport`]; put a [`Tape`] around them with [`TapedChat`]. Embeddings go through
//! [`TapedEmbedder`], [`CachedEmbedder`] and [`BatchedEmbedder`], in this order.
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
mod cache;
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
pub use cache::{
    CacheContent, CacheCounts, CacheError, CachedCalls, CachedKind, CallCache, PruneOptions,
    Pruned, cache_content, prune_cache,
};
pub use chat::{
    AnthropicChat, AnthropicOptions, CachedChat, OpenAiChat, OpenAiOptions, Price, TapedChat,
};
pub use embeddings::{
    BatchLimits, BatchedEmbedder, CachedEmbedder, OpenAiEmbedder, OpenAiEmbedderOptions,
    TapedEmbedder,
};
pub use error::ModelError;
pub use excerpt::excerpt;
pub use headers::Headers;
pub use lines::LineFile;
pub use tape::{CallKey, Tape, TapeAnswer};
pub use transport::{
    DownloadOptions, Hosts, HttpAnswer, HttpCall, HttpMethod, ParseMethodError, Progress,
    Transport, TransportOptions, download, retry_after,
};
