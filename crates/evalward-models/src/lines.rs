//! Lines of a large file, read by position.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

/// A file whose lines are read by their offset, so that an index of offsets is all that stays in memory.
#[derive(Debug)]
pub struct LineFile(Mutex<BufReader<File>>);

impl LineFile {
    /// Wraps a file that is open for reading.
    pub fn new(file: File) -> Self {
        Self(Mutex::new(BufReader::new(file)))
    }

    /// Returns the line that starts at the offset, without its line end.
    ///
    /// # Errors
    /// What the system says, and `InvalidData` where the line is not UTF-8.
    pub fn line_at(&self, offset: u64) -> io::Result<String> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(offset))?;
        let mut line = String::new();
        reader.read_line(&mut line)?;
        line.truncate(line.trim_end_matches(['\n', '\r']).len());
        Ok(line)
    }
}
