//! Callers who come at the same time share one pass over the file.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::SetOnce;

/// Those who wait for the file; whoever's turn it is does the work of all.
#[derive(Debug)]
pub(super) struct Queue<Q, A> {
    waiting: Mutex<Vec<Arc<Asked<Q, A>>>>,
    turn: tokio::sync::Mutex<()>,
}

/// What one caller wants.
#[derive(Debug)]
pub(super) struct Asked<Q, A> {
    /// The question.
    pub(super) question: Q,
    /// The answer, once the pass is over that had it.
    pub(super) answer: SetOnce<A>,
}

/// The turn of a caller: all who wait, itself among them.
///
/// It may be dropped before the work is done, as when the caller is cancelled: those without an answer wait for the next turn.
#[derive(Debug)]
pub(super) struct Turn<'a, Q, A> {
    pub(super) all: Vec<Arc<Asked<Q, A>>>,
    queue: &'a Queue<Q, A>,
    _held: tokio::sync::MutexGuard<'a, ()>,
}

impl<Q, A> Default for Queue<Q, A> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<Q, A> Queue<Q, A> {
    /// Queues a question.
    pub(super) fn ask(&self, question: Q) -> Arc<Asked<Q, A>> {
        let asked = Arc::new(Asked { question, answer: SetOnce::new() });
        self.lock().push(Arc::clone(&asked));
        asked
    }

    /// Waits until a question is answered, or it is this caller's turn to answer all.
    pub(super) async fn turn(&self, asked: &Asked<Q, A>) -> Option<Turn<'_, Q, A>> {
        tokio::select! {
            biased;
            _ = asked.answer.wait() => None,
            held = self.turn.lock() => {
                // Whoever is about to ask gets on, which takes less than a pass of its own.
                tokio::task::yield_now().await;
                let all = self.lock().clone();
                Some(Turn { all, queue: self, _held: held })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Asked<Q, A>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Q, A> Drop for Turn<'_, Q, A> {
    fn drop(&mut self) {
        self.queue.lock().retain(|asked| asked.answer.get().is_none());
    }
}
