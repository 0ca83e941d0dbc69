//! Embedding clients.

mod openai;
mod taped;

pub use openai::{OpenAiEmbedder, OpenAiEmbedderOptions};
pub use taped::TapedEmbedder;
