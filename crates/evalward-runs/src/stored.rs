//! Reading a run back.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use std::marker::PhantomData;

use evalward_core::{RunManifest, ScoreRow, Trial};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::RunError;

/// A run on disk.
#[derive(Debug)]
pub struct StoredRun {
    folder: PathBuf,
    manifest: RunManifest,
}

impl StoredRun {
    /// Opens the folder of a run and reads its manifest.
    ///
    /// # Errors
    /// [`RunError`] if the manifest is missing, malformed or of another format.
    pub fn open(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join("manifest.json");
        let text = fs::read_to_string(&path).map_err(RunError::io("read", &path))?;
        let malformed = |source| RunError::Malformed { path: path.clone(), line: 1, source };
        let Versioned { format: found } = serde_json::from_str(&text).map_err(malformed)?;
        if found != RunManifest::FORMAT {
            return Err(RunError::Format { path, found, known: RunManifest::FORMAT });
        }
        let manifest = serde_json::from_str(&text).map_err(malformed)?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Returns what the run was made of.
    pub const fn manifest(&self) -> &RunManifest {
        &self.manifest
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns whether the run came to its end, so that its rows stand in the order of the dataset.
    pub fn is_complete(&self) -> bool {
        self.folder.join("results.jsonl").is_file()
    }

    /// Iterates over the rows: in the order of the dataset, or in the order of finishing where the run was cut short.
    ///
    /// # Errors
    /// [`RunError::Io`] if there are no rows to read; each item may be an error of its own.
    pub fn trials(&self) -> Result<Trials, RunError> {
        self.rows()
    }

    /// Iterates over the rows as [`Self::trials`] does, without their texts.
    ///
    /// # Errors
    /// As [`Self::trials`].
    pub fn score_rows(&self) -> Result<Rows<ScoreRow>, RunError> {
        self.rows()
    }

    fn rows<T>(&self) -> Result<Rows<T>, RunError> {
        let complete = self.is_complete();
        let path = self.folder.join(if complete { "results.jsonl" } else { "journal.jsonl" });
        let file = File::open(&path).map_err(RunError::io("read", &path))?;
        Ok(Rows {
            reader: BufReader::with_capacity(1 << 16, file),
            path,
            line: 0,
            journal: !complete,
            text: String::new(),
            row: PhantomData,
        })
    }
}

/// The one field of a manifest that every format has.
#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// A line of the journal: a row and its place in the order of the dataset.
#[derive(Deserialize)]
struct JournalLine<T> {
    trial: T,
}

/// An iterator over the trials of a run.
pub type Trials = Rows<Trial>;

/// An iterator over the rows of a run; one row at a time is in memory.
#[derive(Debug)]
pub struct Rows<T> {
    reader: BufReader<File>,
    path: PathBuf,
    line: u64,
    journal: bool,
    text: String,
    row: PhantomData<T>,
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<T, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.text.clear();
        match self.reader.read_line(&mut self.text) {
            Ok(0) => return None,
            Ok(_) => self.line += 1,
            Err(source) => return Some(Err(RunError::io("read", &self.path)(source))),
        }
        if self.journal && !self.text.ends_with('\n') {
            // The line that was being written when the run was cut short.
            return None;
        }
        let parsed = if self.journal {
            serde_json::from_str::<JournalLine<T>>(&self.text).map(|line| line.trial)
        } else {
            serde_json::from_str(&self.text)
        };
        Some(parsed.map_err(|source| RunError::Malformed {
            path: self.path.clone(),
            line: self.line,
            source,
        }))
    }
}
