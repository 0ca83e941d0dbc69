//! Reading a run back.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use evalward_core::{ExampleId, RunManifest, ScoreRow, Trial, TrialPosition};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::RunError;
use crate::journal::{self, Journal, Place};
use crate::shard::ShardOrder;

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

    /// Returns whether the run came to its end, so that each of its trials has a row.
    pub fn is_complete(&self) -> bool {
        self.folder.join("results.jsonl").is_file()
    }

    /// Returns whether a process is still writing the run.
    pub fn goes_on(&self) -> bool {
        !self.is_complete() && journal::is_written(&self.folder)
    }

    /// Iterates over the rows in the order of the dataset; of a run that was cut short, over those that were written.
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

    /// Iterates over the rows with their places.
    ///
    /// # Errors
    /// As [`Self::trials`]; where the run is a shard, also if the places of its examples cannot be read.
    pub fn placed_trials(&self) -> Result<PlacedTrials, RunError> {
        Ok(PlacedTrials {
            places: ShardOrder::read(&self.folder)?.map(|order| order.places),
            examples: 0,
            last: None,
            rows: self.rows()?,
        })
    }

    fn rows<T>(&self) -> Result<Rows<T>, RunError> {
        let source = if self.is_complete() {
            let path = self.folder.join("results.jsonl");
            let file = File::open(&path).map_err(RunError::io("read", &path))?;
            let reader = BufReader::with_capacity(1 << 16, file);
            Source::Results { reader, path, line: 0 }
        } else {
            let journal = Journal::read(&self.folder)?;
            let rows: Vec<(TrialPosition, Place)> =
                journal.index.rows.iter().map(|(position, place)| (*position, *place)).collect();
            Source::Journal { rows: rows.into_iter(), position: None, journal }
        };
        Ok(Rows { source, text: Vec::new(), row: PhantomData })
    }
}

/// The one field of a manifest that every format has.
#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// An iterator over the trials of a run.
pub type Trials = Rows<Trial>;

/// An iterator over the rows of a run; one row at a time is in memory.
#[derive(Debug)]
pub struct Rows<T> {
    source: Source,
    text: Vec<u8>,
    row: PhantomData<T>,
}

#[derive(Debug)]
enum Source {
    Results {
        reader: BufReader<File>,
        path: PathBuf,
        line: u64,
    },
    Journal {
        rows: std::vec::IntoIter<(TrialPosition, Place)>,
        position: Option<TrialPosition>,
        journal: Journal,
    },
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<T, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.source {
            Source::Results { reader, path, line } => {
                self.text.clear();
                match reader.read_until(b'\n', &mut self.text) {
                    Ok(0) => return None,
                    Ok(_) => *line += 1,
                    Err(source) => return Some(Err(RunError::io("read", path.as_path())(source))),
                }
                let malformed =
                    |source| RunError::Malformed { path: path.clone(), line: *line, source };
                Some(serde_json::from_slice(&self.text).map_err(malformed))
            }
            Source::Journal { rows, position, journal } => {
                let (next, place) = rows.next()?;
                *position = Some(next);
                Some(journal.row(place, &mut self.text).and_then(|()| {
                    serde_json::from_slice(&self.text).map_err(|source| journal.malformed(source))
                }))
            }
        }
    }
}

/// An iterator over the trials of a run with their places.
#[derive(Debug)]
pub struct PlacedTrials {
    /// Of a shard, the place of each example.
    places: Option<Vec<u64>>,
    /// The number of examples so far.
    examples: u64,
    last: Option<ExampleId>,
    rows: Trials,
}

impl Iterator for PlacedTrials {
    type Item = Result<(TrialPosition, Trial), RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        let trial = match self.rows.next()? {
            Ok(trial) => trial,
            Err(error) => return Some(Err(error)),
        };
        if let Source::Journal { position: Some(position), .. } = self.rows.source {
            return Some(Ok((position, trial)));
        }
        if self.last.as_ref() != Some(&trial.example_id) {
            self.examples += 1;
            self.last = Some(trial.example_id.clone());
        }
        let ordinal = self.examples - 1;
        let index = self.places.as_ref().map_or(ordinal, |places| {
            let place = usize::try_from(ordinal).ok().and_then(|ordinal| places.get(ordinal));
            place.copied().unwrap_or(ordinal)
        });
        Some(Ok((TrialPosition { index, trial: trial.trial }, trial)))
    }
}
