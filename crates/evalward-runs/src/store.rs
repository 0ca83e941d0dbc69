//! The place where runs are kept, and finding one by its name.

use std::fs;
use std::path::{Path, PathBuf};

use evalward_core::{RunId, Timestamp};

use crate::{RunError, StoredRun};

/// The folder that holds the folders of all runs, `.evalward/runs` by default.
#[derive(Clone, Debug)]
pub struct RunStore {
    folder: PathBuf,
}

impl RunStore {
    /// Names the folder; nothing is created or read.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Returns the folder of all runs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the folder of a run.
    pub fn folder_of(&self, run: &RunId) -> PathBuf {
        self.folder.join(run.as_str())
    }

    /// Makes an id that sorts by time; `entropy` keeps runs of the same second apart.
    pub fn new_id(&self, now: Timestamp, entropy: u32) -> RunId {
        let text = format!("{}-{:06x}", now.compact(), entropy & 0x00ff_ffff);
        RunId::new(text).expect("digits, letters and dashes make a valid id")
    }

    /// Opens a run by its folder, its id, the start of its id, or `latest`.
    ///
    /// # Errors
    /// [`RunError`] if there is no such run, more than one, or its files cannot be read.
    pub fn find(&self, name: &str) -> Result<StoredRun, RunError> {
        let path = Path::new(name);
        if path.join("manifest.json").is_file() {
            return StoredRun::open(path);
        }
        let runs = self.list()?;
        if name == "latest" {
            let last =
                runs.last().ok_or_else(|| RunError::NoRuns { folder: self.folder.clone() })?;
            return StoredRun::open(&self.folder.join(last));
        }
        let mut candidates: Vec<String> =
            runs.into_iter().filter(|run| run.starts_with(name)).collect();
        if let Some(exact) = candidates.iter().find(|run| *run == name) {
            return StoredRun::open(&self.folder.join(exact));
        }
        match (candidates.pop(), candidates.is_empty()) {
            (Some(only), true) => StoredRun::open(&self.folder.join(only)),
            (Some(last), false) => {
                candidates.push(last);
                Err(RunError::Ambiguous { name: name.to_owned(), candidates })
            }
            (None, _) => {
                Err(RunError::Unknown { folder: self.folder.clone(), name: name.to_owned() })
            }
        }
    }

    /// Lists the ids of all runs, the oldest first.
    ///
    /// # Errors
    /// [`RunError::Io`] if the folder exists and cannot be read.
    pub fn list(&self) -> Result<Vec<String>, RunError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RunError::io("read", &self.folder)(error)),
        };
        let mut runs = Vec::new();
        for entry in entries {
            let entry = entry.map_err(RunError::io("read", &self.folder))?;
            if entry.path().join("manifest.json").is_file() {
                runs.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        runs.sort_unstable();
        Ok(runs)
    }
}
