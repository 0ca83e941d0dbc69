//! A model whose answers are kept on the disk.

use std::sync::Arc;

use evalward_core::{BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest, Digest};
use serde_json::json;

use crate::CallCache;

/// The kind of call in the cache.
const KIND: &str = "chat";

/// A chat model with a [`CallCache`] before it: an equal request to the same address is not made again.
///
/// The sample is part of the request, so that several samples of one prompt are as many entries.
#[derive(Clone, Debug)]
pub struct CachedChat {
    model: Arc<dyn ChatModel>,
    cache: CallCache,
    /// The hash of the address: a name stands for another model elsewhere.
    address: Digest,
}

impl CachedChat {
    /// Puts the cache before a model behind an address, which is told by [`Address::identity`](crate::Address::identity).
    pub fn new(model: Arc<dyn ChatModel>, cache: CallCache, address: &str) -> Self {
        Self { model, cache, address: Digest::of(address.as_bytes()) }
    }

    async fn ask(&self, request: &ChatRequest) -> Result<ChatAnswer, CallError> {
        let key = Digest::of_json(&json!({"address": self.address, "request": request}));
        let found = self.cache.get_many(KIND, &[key]).await;
        let kept = found.into_iter().next().flatten();
        // What cannot be read was written by another version, and is asked for again.
        if let Some(answer) = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(ChatAnswer { cached: true, ..answer });
        }
        let answer = self.model.complete(request).await?;
        if let Ok(bytes) = serde_json::to_vec(&answer) {
            self.cache.put_many(KIND, &[(key, bytes)]).await;
        }
        Ok(answer)
    }
}

impl ChatModel for CachedChat {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        Box::pin(self.ask(request))
    }
}
