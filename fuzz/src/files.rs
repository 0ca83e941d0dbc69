//! Files for parsers that read paths.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of this process, so that parallel jobs do not meet; the next process of the same number empties it.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder, empty.
    pub fn new() -> Self {
        // In memory where the system has such a folder: a disk would be waited for at each input.
        let memory = PathBuf::from("/dev/shm");
        let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = base.join(format!("evalward-fuzz-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }

    /// Returns the path of a name in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
            fs::create_dir_all(folder).expect("the temporary folder can be written");
        }
        fs::write(&path, content).expect("the temporary folder can be written");
        path
    }

    /// Removes what is at a name.
    pub fn remove(&self, name: &str) {
        let path = self.path(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("the temporary folder can be written");
        } else {
            drop(fs::remove_file(&path));
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}
