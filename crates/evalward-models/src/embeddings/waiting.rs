//! The texts that wait for a request, and those whose request is under way.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use evalward_core::{BoxFuture, CallError, Embedded, EmbeddingCalls};
use futures::future::Shared;
use tokio::sync::SetOnce;

/// A request under way: whoever waits for one of its texts drives it, and it ends with the last of them.
pub(super) type Request = Shared<BoxFuture<'static, Result<Arc<Answer>, CallError>>>;

/// The answer of a request; what it took is for the first who looks.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) vectors: Vec<Vec<f32>>,
    taken: Mutex<Option<EmbeddingCalls>>,
}

impl Answer {
    pub(super) fn new(Embedded { vectors, calls }: Embedded) -> Self {
        Self { vectors, taken: Mutex::new(Some(calls)) }
    }

    /// Returns what the request took, once.
    pub(super) fn take(&self) -> Option<EmbeddingCalls> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A text that somebody waits for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The request that the text went out with, and its place there.
    pub(super) sent: SetOnce<(Request, usize)>,
}

/// All texts that somebody waits for; identical ones are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Arc<Mutex<Texts>>);

#[derive(Debug, Default)]
struct Texts {
    known: BTreeMap<Arc<str>, Known>,
    /// Those that wait for a request, the first to come first.
    queue: VecDeque<Arc<str>>,
}

#[derive(Debug)]
struct Known {
    /// Those who wait own it: when they have all gone, so has the text.
    wanted: Weak<Wanted>,
    is_queued: bool,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Texts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues texts together, but for those that somebody waits for already.
    pub(super) fn want(&self, texts: &[String]) -> Vec<Arc<Wanted>> {
        let mut all = self.lock();
        texts.iter().map(|text| all.want(text)).collect()
    }

    /// Takes the first texts out of the queue, one at least; those for which nobody waits any more are passed over.
    pub(super) fn take(&self, most: usize, most_bytes: usize) -> Taken {
        let mut all = self.lock();
        let mut texts = Vec::new();
        let mut bytes = 0;
        while texts.len() < most
            && let Some(text) = all.queue.pop_front()
        {
            if !texts.is_empty() && bytes + text.len() > most_bytes {
                all.queue.push_front(text);
                break;
            }
            bytes += text.len();
            let Some(known) = all.known.get_mut(&text) else { continue };
            known.is_queued = false;
            match known.wanted.upgrade() {
                Some(wanted) => texts.push((text, wanted)),
                None => drop(all.known.remove(&text)),
            }
        }
        let marks = texts.iter().map(|(text, wanted)| (Arc::clone(text), Arc::downgrade(wanted)));
        Taken { under_way: UnderWay { waiting: self.clone(), texts: marks.collect() }, texts }
    }
}

impl Texts {
    fn want(&mut self, text: &str) -> Arc<Wanted> {
        if let Some(known) = self.known.get_mut(text) {
            if let Some(wanted) = known.wanted.upgrade() {
                return wanted;
            }
            if known.is_queued {
                let wanted = Arc::new(Wanted::default());
                known.wanted = Arc::downgrade(&wanted);
                return wanted;
            }
        }
        let (text, wanted) = (Arc::<str>::from(text), Arc::new(Wanted::default()));
        let known = Known { wanted: Arc::downgrade(&wanted), is_queued: true };
        self.known.insert(Arc::clone(&text), known);
        self.queue.push_back(text);
        wanted
    }
}

/// Texts that go out together.
pub(super) struct Taken {
    pub(super) texts: Vec<(Arc<str>, Arc<Wanted>)>,
    pub(super) under_way: UnderWay,
}

/// Forgets the texts of a request when it ends, however it ends: whoever wants one from then on asks anew.
pub(super) struct UnderWay {
    waiting: Waiting,
    texts: Vec<(Arc<str>, Weak<Wanted>)>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = self.waiting.lock();
        for (text, wanted) in &self.texts {
            let is_ours = |known: &Known| Weak::ptr_eq(&known.wanted, wanted);
            if all.known.get(text).is_some_and(is_ours) {
                all.known.remove(text);
            }
        }
    }
}
