//! The journal of a run that goes on: a line for each row, which tells its own length and checksum.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use evalward_core::{Digest, TrialPosition};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::RunError;

/// The name of the file in the folder of a run.
pub(crate) const JOURNAL: &str = "journal.jsonl";

/// A line: a row and its place.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    index: u64,
    number: u32,
    /// The length of the row's text in bytes.
    length: u64,
    /// The start of the hash over the place and the row's text.
    checksum: String,
    #[serde(borrow)]
    trial: &'a RawValue,
}

impl Line<'_> {
    const fn position(&self) -> TrialPosition {
        TrialPosition { index: self.index, trial: self.number }
    }

    /// Returns whether the line, whose bytes these are, is what was written.
    fn is_whole(&self, bytes: &[u8]) -> bool {
        let text = self.trial.get();
        byte_count(text.len()) == self.length
            && self.checksum == checksum(self.position(), text)
            && bytes.strip_suffix(b"}\n").is_some_and(|line| line.ends_with(text.as_bytes()))
    }
}

/// Sixteen hexadecimal digits: enough to tell that a line is not what was written.
fn checksum(position: TrialPosition, text: &str) -> String {
    let place = format!("{}/{}", position.index, position.trial);
    let digest = Digest::chain([Digest::of(place.as_bytes()), Digest::of(text.as_bytes())]);
    digest.to_string().chars().take(16).collect()
}

/// Where the text of a row lies in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    start: u64,
    length: u64,
}

/// What a journal holds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The latest row of each place.
    pub(crate) rows: BTreeMap<TrialPosition, Place>,
    /// The lines that are not what was written.
    pub(crate) damaged: u64,
    /// The length of the file up to the end of its last whole line.
    length: u64,
}

/// An open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    pub(crate) index: Index,
}

impl Journal {
    /// Makes the journal of a new run, which no other process can then write.
    pub(crate) fn create(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(JOURNAL);
        let file = File::options()
            .read(true)
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(RunError::io("create", &path))?;
        lock(&path, &file)?;
        Ok(Self { path, file, index: Index::default() })
    }

    /// Opens the journal of a run that was cut short, to go on with it; a line that was being written is cut off.
    pub(crate) fn reopen(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(JOURNAL);
        let file = File::options()
            .read(true)
            .append(true)
            .open(&path)
            .map_err(RunError::io("open", &path))?;
        lock(&path, &file)?;
        let index = scan(&path, &file)?;
        file.set_len(index.length).map_err(RunError::io("write", &path))?;
        Ok(Self { path, file, index })
    }

    /// Opens the journal of a run to read it, whether or not the run goes on.
    pub(crate) fn read(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(JOURNAL);
        let file = File::open(&path).map_err(RunError::io("read", &path))?;
        let index = scan(&path, &file)?;
        Ok(Self { path, file, index })
    }

    /// Adds a row; one that is there already gives way to it.
    pub(crate) fn append(
        &mut self,
        position: TrialPosition,
        row: &RawValue,
    ) -> Result<(), RunError> {
        let text = row.get();
        let length = byte_count(text.len());
        let line = Line {
            index: position.index,
            number: position.trial,
            length,
            checksum: checksum(position, text),
            trial: row,
        };
        let mut bytes = serde_json::to_vec(&line).expect("a line has only string keys");
        bytes.push(b'\n');
        self.file.write_all(&bytes).map_err(RunError::io("write", &self.path))?;
        // The row's text is the last thing before the closing brace and the end of the line.
        let start = self.index.length + byte_count(bytes.len()) - 2 - length;
        self.index.rows.insert(position, Place { start, length });
        self.index.length += byte_count(bytes.len());
        Ok(())
    }

    /// Reads the text of a row.
    pub(crate) fn row(&self, place: Place, text: &mut Vec<u8>) -> Result<(), RunError> {
        let failed = || RunError::io("read", &self.path);
        let length = usize::try_from(place.length)
            .map_err(|_| failed()(io::Error::other("a row that does not fit into memory")))?;
        text.resize(length, 0);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(place.start))
            .and_then(|_| file.read_exact(text))
            .map_err(failed())
    }

    /// Makes the error of a row that is whole and yet cannot be read.
    pub(crate) fn malformed(&self, source: serde_json::Error) -> RunError {
        RunError::Malformed { path: self.path.clone(), line: 0, source }
    }

    /// Puts the file on the disk for good.
    pub(crate) fn sync(&self) -> Result<(), RunError> {
        self.file.sync_all().map_err(RunError::io("write", &self.path))
    }
}

/// Reads a journal once; what was not written as a whole does not count.
fn scan(path: &Path, file: &File) -> Result<Index, RunError> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    reader.seek(SeekFrom::Start(0)).map_err(RunError::io("read", path))?;
    let mut index = Index::default();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes).map_err(RunError::io("read", path))?;
        if !bytes.ends_with(b"\n") {
            // The line that was being written when the run was cut short.
            index.damaged += u64::from(read > 0);
            return Ok(index);
        }
        let end = index.length + byte_count(read);
        let line = serde_json::from_slice::<Line<'_>>(&bytes).ok().filter(|it| it.is_whole(&bytes));
        match line {
            Some(line) => {
                let place = Place { start: end - 2 - line.length, length: line.length };
                index.rows.insert(line.position(), place);
            }
            None => index.damaged += 1,
        }
        index.length = end;
    }
}

/// Returns whether a process is writing the journal of a run.
pub(crate) fn is_written(folder: &Path) -> bool {
    let file = File::open(folder.join(JOURNAL));
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn lock(path: &Path, file: &File) -> Result<(), RunError> {
    match file.try_lock() {
        // Some network file systems know no locks; a run works there all the same.
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(source)) => Err(RunError::io("lock", path)(source)),
        Err(TryLockError::WouldBlock) => Err(RunError::GoesOn { path: path.to_owned() }),
    }
}

fn byte_count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
