//! Calls whose answers are kept on the disk.

use evalward_core::{CallError, Digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::CallCache;
use crate::{CallKey, TapeAnswer};

/// A [`CallCache`] before the calls of one application: an equal request is not made again.
#[derive(Clone, Debug)]
pub struct CachedCalls {
    cache: CallCache,
    /// The hash of what is called.
    called: Digest,
}

/// An answer on the disk.
#[derive(Serialize, Deserialize)]
struct Kept {
    value: Value,
    latency_millis: u64,
}

impl CachedCalls {
    /// Puts the cache before an application; `called` is everything but the request that could move an answer, such as its
    /// address and version, and holds no credential.
    pub fn new(cache: CallCache, called: &Value) -> Self {
        Self { cache, called: Digest::of_json(called) }
    }

    /// Returns the answer of a call: from the cache, or from `live`, whose success is then kept.
    ///
    /// # Errors
    /// What `live` returns.
    pub async fn call(
        &self,
        key: CallKey<'_>,
        live: impl Future<Output = Result<TapeAnswer, CallError>> + Send,
    ) -> Result<TapeAnswer, CallError> {
        let place = Digest::of_json(&json!({"called": self.called, "call": key.digest()}));
        let found = self.cache.get_many(key.kind, &[place]).await;
        let kept = found.into_iter().next().flatten();
        // What cannot be read was written by another version, and is asked for again.
        if let Some(kept) = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            let Kept { value, latency_millis } = kept;
            return Ok(TapeAnswer { value, latency_millis, attempts: 0, cached: true });
        }
        let answer = live.await?;
        let kept = Kept { value: answer.value.clone(), latency_millis: answer.latency_millis };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            self.cache.put_many(key.kind, &[(place, bytes)]).await;
        }
        Ok(answer)
    }
}
