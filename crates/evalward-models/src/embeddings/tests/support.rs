//! An embedding model that does what a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedder};
use tokio::sync::Semaphore;

/// A model that keeps what it is asked, and answers when it may; the text `bad` fails.
#[derive(Clone, Debug)]
pub(super) struct Scripted {
    requests: Arc<Mutex<Vec<Vec<String>>>>,
    given_up: Arc<AtomicUsize>,
    pub(super) may_answer: Arc<Semaphore>,
}

impl Scripted {
    /// A model that answers at once.
    pub(super) fn ready() -> Self {
        let scripted = Self::held();
        scripted.may_answer.add_permits(1000);
        scripted
    }

    /// A model that answers nothing until it may.
    pub(super) fn held() -> Self {
        Self {
            requests: Arc::default(),
            given_up: Arc::default(),
            may_answer: Arc::new(Semaphore::new(0)),
        }
    }

    /// Returns what it was asked so far.
    pub(super) fn requests(&self) -> Vec<Vec<String>> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns how many requests ended before their answer.
    pub(super) fn given_up(&self) -> usize {
        self.given_up.load(Ordering::SeqCst)
    }

    /// Waits until it was asked so often.
    pub(super) async fn asked(&self, count: usize) {
        while self.requests().len() < count {
            tokio::task::yield_now().await;
        }
    }
}

/// Counts a request that is dropped before it is answered.
struct Open(Option<Arc<AtomicUsize>>);

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(given_up) = &self.0 {
            given_up.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Returns the vector of a text.
pub(super) fn vector(text: &str) -> Vec<f32> {
    let sum = text.bytes().fold(0_u16, |sum, byte| sum.wrapping_add(byte.into()));
    vec![f32::from(sum), 1.0]
}

impl Embedder for Scripted {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(texts.to_vec());
            let mut open = Open(Some(Arc::clone(&self.given_up)));
            self.may_answer.acquire().await.unwrap().forget();
            open.0 = None;
            if texts.iter().any(|text| text == "bad") {
                return Err(CallError::new(CallErrorKind::Failed, "the server is unwell"));
            }
            Ok(texts.iter().map(|text| vector(text)).collect())
        })
    }
}

pub(super) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
