//! A model on a thread of its own, which gathers what waits into batches.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedder};
use tokio::sync::{mpsc, oneshot};

use crate::model::BATCH;
use crate::{EmbedderError, Model};

/// How many calls may wait; further ones wait for their place.
const QUEUE: usize = 64;

/// A model that answers from a thread of its own: no call blocks the runtime, and texts that wait at the same time are computed
/// together.
#[derive(Debug)]
pub struct LocalEmbedder {
    model: Arc<Model>,
    /// `None` only while it is dropped.
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// The texts of one call, and who waits for their vectors.
#[derive(Debug)]
struct Job {
    texts: Vec<String>,
    reply: oneshot::Sender<Vec<Vec<f32>>>,
}

impl LocalEmbedder {
    /// Reads a model from its folder and starts its thread.
    ///
    /// # Errors
    /// Those of [`Model::open`], and [`EmbedderError::Thread`].
    pub fn open(folder: &Path) -> Result<Self, EmbedderError> {
        Self::new(Model::open(folder)?)
    }

    /// Starts the thread of a model.
    ///
    /// # Errors
    /// [`EmbedderError::Thread`].
    pub fn new(model: Model) -> Result<Self, EmbedderError> {
        let model = Arc::new(model);
        let (queue, jobs) = mpsc::channel(QUEUE);
        let worker = Arc::clone(&model);
        let thread = std::thread::Builder::new()
            .name("evalward-embedder".to_owned())
            .spawn(move || work(&worker, jobs))
            .map_err(|source| EmbedderError::Thread { source })?;
        Ok(Self { model, queue: Some(queue), thread: Some(thread) })
    }

    /// Returns the model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, CallError> {
        let ended =
            || CallError::new(CallErrorKind::Failed, "the thread of the embedding model has ended");
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(Job { texts: texts.to_vec(), reply }).await.map_err(|_| ended())?;
        let vectors = answer.await.map_err(|_| ended())?;
        if vectors.iter().flatten().all(|number| number.is_finite()) {
            return Ok(vectors);
        }
        let message = "the embedding model computes numbers that are not finite";
        Err(CallError::new(CallErrorKind::Malformed, message))
    }
}

impl Embedder for LocalEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(self.ask(texts))
    }
}

impl Drop for LocalEmbedder {
    fn drop(&mut self) {
        // Without a sender the thread ends after the calls that somebody still waits for.
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            drop(thread.join());
        }
    }
}

fn work(model: &Model, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        let mut waiting = batch[0].texts.len();
        while waiting < BATCH
            && let Ok(job) = jobs.try_recv()
        {
            waiting += job.texts.len();
            batch.push(job);
        }
        answer(model, batch);
    }
}

/// Computes the texts of all jobs together; nothing is computed for those who have gone.
fn answer(model: &Model, mut batch: Vec<Job>) {
    batch.retain(|job| !job.reply.is_closed());
    let texts: Vec<&str> = batch.iter().flat_map(|job| &job.texts).map(String::as_str).collect();
    let is_wanted = || batch.iter().any(|job| !job.reply.is_closed());
    let Some(vectors) = model.embed_while(&texts, is_wanted) else { return };
    let mut vectors = vectors.into_iter();
    for job in batch {
        let part = vectors.by_ref().take(job.texts.len()).collect();
        // Whoever stopped waiting needs no answer.
        drop(job.reply.send(part));
    }
}
