//! An embedding model whose vectors are kept on the disk.

use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, Digest, Embedded, Embedder, EmbeddingCalls,
};

use super::vector::{check_count, from_bytes, to_bytes};
use crate::CallCache;

/// The kind of call in the cache.
const KIND: &str = "embeddings";

/// An embedding model with a [`CallCache`] before it: a text whose vector is known is not embedded again.
#[derive(Clone, Debug)]
pub struct CachedEmbedder {
    embedder: Arc<dyn Embedder>,
    cache: CallCache,
    model: Digest,
}

impl CachedEmbedder {
    /// Puts the cache before the embedder; `model` is the hash of everything but the text that could move a vector: for a model
    /// behind an address, that address too.
    pub const fn new(embedder: Arc<dyn Embedder>, cache: CallCache, model: Digest) -> Self {
        Self { embedder, cache, model }
    }

    async fn ask(&self, texts: &[String]) -> Result<Embedded, CallError> {
        let key = |text: &String| Digest::chain([self.model, Digest::of(text.as_bytes())]);
        let keys: Vec<Digest> = texts.iter().map(key).collect();
        let found = self.cache.get_many(KIND, &keys).await;
        let mut vectors: Vec<Option<Vec<f32>>> =
            found.into_iter().map(|bytes| from_bytes(&bytes?)).collect();
        let mut calls = EmbeddingCalls::of_texts(texts.len());
        calls.cached = EmbeddingCalls::of_texts(vectors.iter().flatten().count()).texts;
        let missing = texts.iter().zip(&vectors).filter(|(_, vector)| vector.is_none());
        let asked: Vec<String> = missing.map(|(text, _)| text.clone()).collect();
        if !asked.is_empty() {
            let Embedded { vectors: fresh, calls: taken } =
                self.embedder.embed_and_count(&asked).await?;
            check_count(&fresh, asked.len())?;
            calls.add_taken(&taken);
            let slots = keys.iter().zip(&mut vectors).filter(|(_, slot)| slot.is_none());
            let mut kept = Vec::with_capacity(fresh.len());
            for ((key, slot), vector) in slots.zip(fresh) {
                kept.push((*key, to_bytes(&vector)));
                *slot = Some(vector);
            }
            self.cache.put_many(KIND, &kept).await;
        }
        let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
        check_count(&vectors, texts.len())?;
        self.check_lengths(&vectors)?;
        Ok(Embedded { vectors, calls })
    }

    /// Notices a server that gives another model under the same name, as far as the lengths show it.
    fn check_lengths(&self, vectors: &[Vec<f32>]) -> Result<(), CallError> {
        let length = vectors.first().map_or(0, Vec::len);
        if vectors.iter().all(|vector| vector.len() == length) {
            return Ok(());
        }
        let folder = self.cache.path().parent().unwrap_or(self.cache.path()).display();
        let message = format!(
            "the embedding model gave vectors of another length than before; if it is another model now, delete the folder `{folder}`"
        );
        Err(CallError::new(CallErrorKind::Malformed, message))
    }
}

impl Embedder for CachedEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(async move { Ok(self.ask(texts).await?.vectors) })
    }

    fn embed_and_count<'a>(
        &'a self,
        texts: &'a [String],
    ) -> BoxFuture<'a, Result<Embedded, CallError>> {
        Box::pin(self.ask(texts))
    }
}
