//! Reading a file of JSON lines: one line in memory, every problem with its place.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::json::parse_object;
use crate::{DatasetError, Place};

/// A longer line is refused and skipped without being held in memory.
const MAX_LINE_BYTES: u64 = 64 * 1024 * 1024;

/// The lines of a file that are not blank.
///
/// A byte order mark, `\r\n` and a missing last line end are read, but are not `tidy`. Blank lines at the end are read as
/// nothing; elsewhere the first of a row of them is an error.
pub(crate) struct Lines {
    path: Arc<Path>,
    reader: BufReader<File>,
    text: String,
    number: u64,
    /// The first of a row of blank lines; an error once another line follows.
    blank: Option<u64>,
    state: State,
    line_is_tidy: bool,
    end_is_tidy: bool,
}

enum State {
    Reading,
    /// The text holds a line that was read but not yet given out.
    Holding,
    Finished,
}

impl Lines {
    /// Opens a file; `shown` is its name in messages.
    pub(crate) fn open(path: &Path, shown: Arc<Path>) -> Result<Self, DatasetError> {
        let file = File::open(path).map_err(DatasetError::io("open", &shown))?;
        Ok(Self {
            path: shown,
            reader: BufReader::with_capacity(64 * 1024, file),
            text: String::new(),
            number: 0,
            blank: None,
            state: State::Reading,
            line_is_tidy: true,
            end_is_tidy: true,
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn path(&self) -> &Arc<Path> {
        &self.path
    }

    /// Whether the present line had neither a byte order mark nor a carriage return.
    pub(crate) fn line_is_tidy(&self) -> bool {
        self.line_is_tidy
    }

    /// Whether, as far as was read, the file ends with exactly one line end.
    pub(crate) fn end_is_tidy(&self) -> bool {
        self.end_is_tidy
    }

    pub(crate) fn place(&self, column: u64) -> Place {
        Place::new(&*self.path, self.number, column)
    }

    /// Moves on to the next line; its text is then in [`Self::text`]. After an error the next call goes on behind it.
    pub(crate) fn advance(&mut self) -> Option<Result<(), DatasetError>> {
        loop {
            match self.state {
                State::Reading => {}
                State::Holding => {
                    self.state = State::Reading;
                    return Some(Ok(()));
                }
                State::Finished => {
                    self.end_is_tidy &= self.blank.is_none();
                    return None;
                }
            }
            match self.read_line() {
                Ok(false) => self.state = State::Finished,
                Ok(true) if self.text.trim().is_empty() => {
                    self.blank.get_or_insert(self.number);
                }
                Ok(true) => {
                    let Some(blank) = self.blank.take() else { return Some(Ok(())) };
                    self.state = State::Holding;
                    let place = Place::new(&*self.path, blank, 1);
                    return Some(Err(DatasetError::malformed(place, "the line is empty")));
                }
                Err(error) => {
                    if matches!(error, DatasetError::Io { .. }) {
                        self.state = State::Finished;
                    }
                    return Some(Err(error));
                }
            }
        }
    }

    fn read_line(&mut self) -> Result<bool, DatasetError> {
        let mut buffer = std::mem::take(&mut self.text).into_bytes();
        buffer.clear();
        let read = (&mut self.reader)
            .take(MAX_LINE_BYTES + 1)
            .read_until(b'\n', &mut buffer)
            .map_err(DatasetError::io("read", &self.path))?;
        if read == 0 {
            return Ok(false);
        }
        self.number += 1;
        self.line_is_tidy = true;
        if buffer.last() == Some(&b'\n') {
            buffer.pop();
        } else if u64::try_from(read).is_ok_and(|read| read > MAX_LINE_BYTES) {
            self.skip_rest_of_line().map_err(DatasetError::io("read", &self.path))?;
            return Err(self.malformed(1, "the line is longer than 64 MiB"));
        } else {
            self.end_is_tidy = false;
        }
        if buffer.last() == Some(&b'\r') {
            buffer.pop();
            self.line_is_tidy = false;
        }
        if self.number == 1 && buffer.starts_with(b"\xef\xbb\xbf") {
            buffer.drain(..3);
            self.line_is_tidy = false;
        }
        match String::from_utf8(buffer) {
            Ok(text) => {
                self.text = text;
                Ok(true)
            }
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let column = column_of(error.as_bytes(), valid);
                Err(self.malformed(column, "the line is not valid UTF-8"))
            }
        }
    }

    fn skip_rest_of_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(chunk.len(), |end| end + 1);
            self.reader.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    fn malformed(&self, column: u64, problem: &str) -> DatasetError {
        DatasetError::malformed(self.place(column), problem)
    }
}

/// Returns the column, in characters from 1, of a byte of a text.
pub(crate) fn column_of(text: &[u8], offset: usize) -> u64 {
    let before = text.iter().take(offset).filter(|byte| (**byte & 0xC0) != 0x80).count();
    u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
}

/// The values of a file of JSON lines.
pub(crate) struct Records<T> {
    pub(crate) lines: Lines,
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Records<T> {
    pub(crate) fn open(path: &Path, shown: Arc<Path>) -> Result<Self, DatasetError> {
        Ok(Self { lines: Lines::open(path, shown)?, value: PhantomData })
    }

    /// Reads the next value. After [`DatasetError::Malformed`] the next call goes on with the next line.
    pub(crate) fn advance(&mut self) -> Option<Result<T, DatasetError>> {
        Some(self.lines.advance()?.and_then(|()| {
            parse_object(self.lines.text()).map_err(|problem| {
                DatasetError::malformed(self.lines.place(problem.column), problem.message)
            })
        }))
    }
}
