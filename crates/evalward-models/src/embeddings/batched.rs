//! Texts of several calls in one request.

use std::num::NonZeroUsize;
use std::sync::Arc;

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedded, Embedder, EmbeddingCalls};
use futures::FutureExt as _;
use futures::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::vector::check_count;
use super::waiting::{Answer, Request, Taken, Waiting, Wanted};

/// The most bytes of a request with several texts: servers bound the tokens of a request too.
const BYTES: usize = 256 * 1024;

/// How texts are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
    /// The most texts of one request.
    pub texts: NonZeroUsize,
    /// The most requests under way at once.
    pub requests: NonZeroUsize,
}

impl BatchLimits {
    /// Few enough that texts gather while requests are answered, and so many that a run with few examples at once hardly waits.
    const REQUESTS: NonZeroUsize = NonZeroUsize::new(4).expect("four is not zero");

    /// Bounds the texts of a request; four requests are under way at once.
    pub const fn of_texts(texts: NonZeroUsize) -> Self {
        Self { texts, requests: Self::REQUESTS }
    }
}

/// An embedding model that is asked for the texts of several calls at once.
///
/// A call goes out at once while fewer requests are under way than may be. What comes meanwhile waits, and goes out together when
/// one of them ends; a text for which several wait is sent once. No clock is looked at. An error reaches every call that has a text
/// in the request. A call that is given up takes nothing from the others, and a request for which nobody waits any more is given
/// up too.
#[derive(Clone, Debug)]
pub struct BatchedEmbedder {
    embedder: Arc<dyn Embedder>,
    texts: NonZeroUsize,
    requests: Arc<Semaphore>,
    waiting: Waiting,
}

impl BatchedEmbedder {
    /// Puts batches before the embedder.
    pub fn new(embedder: Arc<dyn Embedder>, limits: BatchLimits) -> Self {
        let most = limits.requests.get().min(Semaphore::MAX_PERMITS);
        Self {
            embedder,
            texts: limits.texts,
            requests: Arc::new(Semaphore::new(most)),
            waiting: Waiting::default(),
        }
    }

    async fn ask(&self, texts: &[String]) -> Result<Embedded, CallError> {
        let wanted = self.waiting.want(texts);
        let answers = join_all(wanted.iter().map(|wanted| self.answer(wanted))).await;
        let mut vectors = Vec::with_capacity(answers.len());
        let mut calls = EmbeddingCalls::of_texts(texts.len());
        for answer in answers {
            let (vector, taken) = answer?;
            vectors.push(vector);
            if let Some(taken) = taken {
                calls.add_taken(&taken);
            }
        }
        Ok(Embedded { vectors, calls })
    }

    /// Waits for the vector of one text; what its request took comes with the first vector of it.
    async fn answer(
        &self,
        wanted: &Wanted,
    ) -> Result<(Vec<f32>, Option<EmbeddingCalls>), CallError> {
        let (request, place) = self.request_of(wanted).await;
        let answer = request.await?;
        let lost = || CallError::new(CallErrorKind::Failed, "the vector of a text is lost");
        let vector = answer.vectors.get(place).cloned().ok_or_else(lost)?;
        Ok((vector, answer.take()))
    }

    /// Waits until the text goes out: with a request that another call sends, or with one that this call may send.
    async fn request_of(&self, wanted: &Wanted) -> (Request, usize) {
        loop {
            tokio::select! {
                biased;
                sent = wanted.sent.wait() => return sent.clone(),
                // The semaphore is never closed.
                Ok(permit) = Arc::clone(&self.requests).acquire_owned() => self.send(permit),
            }
        }
    }

    /// Prepares a request of the texts that came first; those who wait for them drive it.
    fn send(&self, permit: OwnedSemaphorePermit) {
        let Taken { texts, under_way } = self.waiting.take(self.texts.get(), BYTES);
        if texts.is_empty() {
            return;
        }
        let asked: Vec<String> = texts.iter().map(|(text, _)| text.as_ref().to_owned()).collect();
        let embedder = Arc::clone(&self.embedder);
        let request: BoxFuture<'static, _> = Box::pin(async move {
            let answer = embedder.embed_and_count(&asked).await;
            drop((under_way, permit));
            let embedded = answer?;
            check_count(&embedded.vectors, asked.len())?;
            Ok(Arc::new(Answer::new(embedded)))
        });
        let request: Request = request.shared();
        for (place, (_, wanted)) in texts.iter().enumerate() {
            let sent = wanted.sent.set((request.clone(), place));
            debug_assert!(sent.is_ok(), "a text leaves the queue once");
        }
    }
}

impl Embedder for BatchedEmbedder {
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
