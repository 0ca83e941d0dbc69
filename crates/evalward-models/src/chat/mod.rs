//! Chat models: the protocols of `OpenAI` and Anthropic, prices, and the tape around a model.

mod anthropic;
mod anthropic_answer;
mod anthropic_request;
mod cached;
mod json;
mod openai;
mod openai_answer;
mod price;
mod taped;
#[cfg(test)]
mod tests;

pub use anthropic::{AnthropicChat, AnthropicOptions};
pub use cached::CachedChat;
pub use openai::{OpenAiChat, OpenAiOptions};
pub use price::Price;
pub use taped::TapedChat;
