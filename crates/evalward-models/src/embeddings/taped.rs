//! An embedding model whose answers are recorded or replayed.

use std::sync::Arc;

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedder};
use serde_json::{Value, json};

use crate::{CallKey, Tape, TapeAnswer};

/// An embedding model with a [`Tape`] around it.
#[derive(Clone, Debug)]
pub struct TapedEmbedder {
    embedder: Arc<dyn Embedder>,
    model: Value,
    tape: Tape,
}

impl TapedEmbedder {
    /// Puts the tape around the embedder; `model` is what identifies its vectors.
    pub const fn new(embedder: Arc<dyn Embedder>, model: Value, tape: Tape) -> Self {
        Self { embedder, model, tape }
    }
}

impl Embedder for TapedEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(async move {
            let request = json!({"model": self.model, "texts": texts});
            let live = async {
                let vectors = self.embedder.embed(texts).await?;
                Ok(TapeAnswer { value: json!(vectors), latency_millis: 0, attempts: 1 })
            };
            let key = CallKey::new("embeddings", &request);
            let answer = self.tape.call(key, "embeddings", live).await?;
            serde_json::from_value(answer.value).map_err(|error| {
                let message = format!("the recorded answer is no list of vectors: {error}");
                CallError::new(CallErrorKind::Malformed, message)
            })
        })
    }
}
