//! The cache as callers see it: it never fails, it only knows less.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use evalward_core::Digest;
use tokio::sync::OnceCell;

use super::error::CacheError;
use super::file::CacheFile;

/// Answers of calls in a file, by the kind of call and the hash of everything that could move the answer; clones share it.
///
/// Several processes may use one file at once. A file that is damaged, or is no cache, is left alone: it answers nothing from
/// then on, and [`Self::problem`] says so. An entry is checked against its checksum, so that an answer is the one that was put
/// in or none.
#[derive(Clone, Debug)]
pub struct CallCache(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// Opened when it is first needed; `None` where it cannot be.
    file: OnceCell<Option<CacheFile>>,
    problem: OnceLock<String>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How often a cache had what it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounts {
    /// The number of answers that it had.
    pub hits: u64,
    /// The number of answers that it had not.
    pub misses: u64,
}

impl CallCache {
    /// Names the file; it is made or opened when it is first asked.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Shared {
            path: path.into(),
            file: OnceCell::new(),
            problem: OnceLock::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }))
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns how often it was asked so far, by clones too; nothing is counted while it is not used.
    pub fn counts(&self) -> CacheCounts {
        let Shared { hits, misses, .. } = &*self.0;
        CacheCounts { hits: hits.load(Ordering::Relaxed), misses: misses.load(Ordering::Relaxed) }
    }

    /// Returns why the file is not used and what to do, as a sentence, once that is known.
    pub fn problem(&self) -> Option<&str> {
        self.0.problem.get().map(String::as_str)
    }

    /// Returns the answers that there are, in the order of the keys.
    pub async fn get_many(&self, kind: &str, keys: &[Digest]) -> Vec<Option<Vec<u8>>> {
        let Some(answers) = self.read(kind, keys).await else { return vec![None; keys.len()] };
        let hits = answers.iter().flatten().count();
        self.count(hits, keys.len() - hits);
        answers
    }

    /// Returns the first answer that there is to any of the keys, and the number of its key; it counts as one that was asked for.
    pub async fn get_first(&self, kind: &str, keys: &[Digest]) -> Option<(usize, Vec<u8>)> {
        let mut answers = self.read(kind, keys).await?.into_iter().enumerate();
        let found = answers.find_map(|(number, answer)| Some((number, answer?)));
        let hits = usize::from(found.is_some());
        self.count(hits, 1 - hits);
        found
    }

    /// Reads the file, where it is used.
    async fn read(&self, kind: &str, keys: &[Digest]) -> Option<Vec<Option<Vec<u8>>>> {
        let outcome = self.file().await?.read(kind, keys).await;
        outcome.map_err(|error| self.give_up(&error)).ok()
    }

    fn count(&self, hits: usize, misses: usize) {
        let add = |counter: &AtomicU64, count: usize| {
            counter.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
        };
        add(&self.0.hits, hits);
        add(&self.0.misses, misses);
    }

    /// Keeps answers; one that is there already stays. Errors are no answers and must not be put in.
    pub async fn put_many(&self, kind: &str, answers: &[(Digest, Vec<u8>)]) {
        if answers.is_empty() {
            return;
        }
        if let Some(file) = self.file().await
            && let Err(error) = file.write(kind, answers).await
        {
            self.give_up(&error);
        }
    }

    /// Closes the file, where it was opened.
    pub async fn close(&self) {
        if let Some(Some(file)) = self.0.file.get() {
            file.close().await;
        }
    }

    async fn file(&self) -> Option<&CacheFile> {
        let open = async || match CacheFile::open(&self.0.path).await {
            Ok(file) => Some(file),
            Err(error) => {
                self.give_up(&error);
                None
            }
        };
        let file = self.0.file.get_or_init(open).await.as_ref();
        file.filter(|_| self.problem().is_none())
    }

    /// Stops using the file; what comes first is what is told.
    fn give_up(&self, error: &CacheError) {
        self.0.problem.get_or_init(|| error.sentence(&self.0.path));
    }
}
