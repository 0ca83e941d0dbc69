//! Embedding clients, and the layers around them: the tape, the cache on the disk, and the batches in which texts go out.

mod batched;
mod cached;
mod openai;
mod taped;
#[cfg(test)]
mod tests;
mod vector;
mod waiting;

pub use batched::{BatchLimits, BatchedEmbedder};
pub use cached::CachedEmbedder;
pub use openai::{OpenAiEmbedder, OpenAiEmbedderOptions};
pub use taped::TapedEmbedder;
