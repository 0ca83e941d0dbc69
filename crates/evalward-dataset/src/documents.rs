//! Files that examples name: documents that ground an answer, sources that an expectation rests on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use evalward_core::Digest;

use crate::ReferenceError;

/// Beyond this many bytes of text, further documents are read anew each time.
const MAX_CACHED_BYTES: usize = 64 * 1024 * 1024;
/// Beyond this many sources, further ones are hashed anew each time.
const MAX_CACHED_HASHES: usize = 16 * 1024;

/// The files below one folder, with a bounded cache.
#[derive(Debug)]
pub(crate) struct Documents {
    root: PathBuf,
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    texts: BTreeMap<String, Arc<str>>,
    text_bytes: usize,
    hashes: BTreeMap<String, Digest>,
}

impl Documents {
    pub(crate) fn below(root: PathBuf) -> Self {
        Self { root, cache: Mutex::default() }
    }

    /// Returns the text of a document.
    pub(crate) fn text(&self, reference: &str) -> Result<Arc<str>, ReferenceError> {
        if let Some(text) = self.cache().texts.get(reference) {
            return Ok(Arc::clone(text));
        }
        let path = self.locate(reference)?;
        let text: Arc<str> = fs::read_to_string(&path)
            .map_err(|source| ReferenceError::Unreadable { path, source })?
            .into();
        let mut cache = self.cache();
        if cache.text_bytes + text.len() <= MAX_CACHED_BYTES {
            cache.text_bytes += text.len();
            cache.texts.insert(reference.to_owned(), Arc::clone(&text));
        }
        Ok(text)
    }

    /// Returns the hash of a file's bytes as they are now.
    pub(crate) fn hash(&self, reference: &str) -> Result<Digest, ReferenceError> {
        if let Some(hash) = self.cache().hashes.get(reference) {
            return Ok(*hash);
        }
        let path = self.locate(reference)?;
        let bytes =
            fs::read(&path).map_err(|source| ReferenceError::Unreadable { path, source })?;
        let hash = Digest::of(&bytes);
        let mut cache = self.cache();
        if cache.hashes.len() < MAX_CACHED_HASHES {
            cache.hashes.insert(reference.to_owned(), hash);
        }
        Ok(hash)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        // The cache is valid after every single insertion, so a panic elsewhere does not spoil it.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the file's full path, refusing one outside the root, be it by `..`, by an absolute path or by a link.
    fn locate(&self, reference: &str) -> Result<PathBuf, ReferenceError> {
        let escapes = || ReferenceError::Escapes { root: self.root.clone() };
        if leads_upwards(Path::new(reference)) {
            return Err(escapes());
        }
        let canonical = |path: PathBuf| {
            fs::canonicalize(&path).map_err(|source| ReferenceError::Unreadable { path, source })
        };
        let path = canonical(self.root.join(reference))?;
        if path.starts_with(canonical(self.root.clone())?) { Ok(path) } else { Err(escapes()) }
    }
}

fn leads_upwards(path: &Path) -> bool {
    let mut depth = 0_usize;
    for component in path.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}
