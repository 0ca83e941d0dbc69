//! Models: what chat and embedding clients take and give.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{BoxFuture, CallError, EmbeddingCalls, Finite, ToolCall, Usage};

/// A message of a conversation, in the OpenAI message form; fields beyond role and content are kept as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// A text, or a list of content parts.
    #[serde(default)]
    pub content: Value,
    /// Whatever else the form allows, such as `tool_call_id`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl ChatMessage {
    /// Makes a message with a text.
    pub fn text(role: &str, content: impl Into<String>) -> Self {
        Self { role: role.to_owned(), content: Value::String(content.into()), more: Map::new() }
    }
}

/// A request for one answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChatRequest {
    /// The model's name.
    pub model: String,
    /// The conversation.
    pub messages: Vec<ChatMessage>,
    /// The sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Finite>,
    /// The most tokens to generate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Further parameters, passed on as they are.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
    /// Tells apart several samples of one request; no part of what is sent.
    pub sample: u32,
    /// What the call is for, for people who read a recording; no part of what is sent nor of the call's identity.
    #[serde(skip)]
    pub label: String,
}

/// A model's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatAnswer {
    /// The text.
    pub text: String,
    /// The tools that the model wants called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The model that answered, as the server names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The server's fingerprint of the model and its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Why the model stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// What the model could have said in place of each token of the text, where the server tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<TokenChoice>,
    /// The tokens that the answer took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The wall time of the successful attempt in milliseconds.
    #[serde(default)]
    pub latency_millis: u64,
    /// The number of attempts, the successful one included.
    #[serde(skip, default)]
    pub attempts: u32,
    /// Whether the answer came from the cache, so that nothing was called.
    #[serde(skip, default)]
    pub cached: bool,
}

/// A token of an answer, and what the model could have said in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenChoice {
    /// Where the token begins in the text, in bytes.
    pub start: usize,
    /// The token.
    pub token: String,
    /// The likeliest tokens at this place, the said one perhaps among them, with the natural logarithm of each probability.
    pub likeliest: Vec<(String, Finite)>,
}

/// A model that continues a conversation.
pub trait ChatModel: Send + Sync + fmt::Debug {
    /// Asks for one answer.
    ///
    /// The future fails with a [`CallError`] once retries are exhausted.
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>>;
}

/// A model that turns texts into vectors.
pub trait Embedder: Send + Sync + fmt::Debug {
    /// Embeds each text; the vectors come in the order of the texts and have one length.
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>>;

    /// Embeds each text, and tells what that took; models that take nothing need not implement it.
    fn embed_and_count<'a>(
        &'a self,
        texts: &'a [String],
    ) -> BoxFuture<'a, Result<Embedded, CallError>> {
        Box::pin(async move {
            let vectors = self.embed(texts).await?;
            Ok(Embedded { vectors, calls: EmbeddingCalls::of_texts(texts.len()) })
        })
    }
}

/// The vectors of texts, and what they took.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The vectors, in the order of the texts.
    pub vectors: Vec<Vec<f32>>,
    /// What they took; the name of the model is left to those who know it.
    pub calls: EmbeddingCalls,
}
