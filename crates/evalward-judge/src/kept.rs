//! Judgements that are kept on the disk, so that the same question is not asked again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use evalward_core::Digest;
use evalward_models::CallCache;

use crate::model::Judgement;

/// The kind of call in the cache.
const KIND: &str = "judge";

/// Where judgements are kept; clones share it.
///
/// A run that asks the same several times, such as for fresh trials that confirm a failure, gets as many judgements: the second
/// time is another entry than the first. What was asked is remembered for as long as this lives, 36 bytes or so a question: it
/// is made for a run, which asks a bounded number, and not for a service that runs for weeks.
#[derive(Clone, Debug)]
pub struct KeptJudgements {
    cache: CallCache,
    /// The hash of the address, without its credentials: a name stands for another model elsewhere.
    address: Digest,
    /// How often each question was asked so far.
    asked: Arc<Mutex<BTreeMap<Digest, u32>>>,
}

impl KeptJudgements {
    /// Keeps the judgements of a model behind an address in a cache.
    pub fn new(cache: CallCache, address: &str) -> Self {
        Self { cache, address: Digest::of(address.as_bytes()), asked: Arc::default() }
    }

    /// Returns the place of a question that is asked now, by the hash of all of its request but the code.
    pub(crate) fn place(&self, question: Digest) -> Digest {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(question).or_default();
        let time = Digest::of(&times.to_le_bytes());
        let place = Digest::chain([self.address, question, time]);
        *times = times.saturating_add(1);
        place
    }

    /// Returns what is kept at the first of some places that has anything, and which one that is.
    pub(crate) async fn first_of(&self, places: &[Digest]) -> Option<(usize, Judgement)> {
        let (number, bytes) = self.cache.get_first(KIND, places).await?;
        // What cannot be read was written by another version, and is asked for again.
        Some((number, serde_json::from_slice(&bytes).ok()?))
    }

    /// Keeps a judgement.
    pub(crate) async fn put(&self, place: Digest, judgement: &Judgement) {
        if let Ok(bytes) = serde_json::to_vec(judgement) {
            self.cache.put_many(KIND, &[(place, bytes)]).await;
        }
    }
}
