//! Responses from a file.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use evalward_core::{BoxFuture, CallError, CallErrorKind, Digest, Example, Reply, Subject};
use evalward_models::LineFile;

use crate::SubjectError;
use crate::recorded_line::{self, RecordedLine};

/// Half of the hash of an example's id.
type Key = [u64; 2];

/// Responses from a JSONL file: the subject kind `recorded`; nothing is called.
///
/// A line is `{"id", "output", …}`, `{"id", "response": {…}}`, or a row of a run's `results.jsonl`, which answers the trial that
/// it tells of. Twenty-four bytes a line stay in memory.
#[derive(Debug)]
pub struct RecordedSubject {
    path: PathBuf,
    lines: LineFile,
    /// Where the line of each example starts, sorted.
    index: Vec<(Key, u64)>,
}

impl RecordedSubject {
    /// Reads the file once, line by line, and checks every line.
    ///
    /// # Errors
    /// [`SubjectError`] naming the file and the line that is malformed, or the two that answer the same example.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SubjectError> {
        let path = path.into();
        let failed = |source| SubjectError::Responses { path: path.clone(), source };
        let mut index = read_index(&path, File::open(&path).map_err(failed)?)?;
        index.sort_unstable();
        let lines = LineFile::new(File::open(&path).map_err(failed)?);
        if let Some(pair) = index.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(duplicate(&path, &lines, pair[0].1, pair[1].1));
        }
        index.shrink_to_fit();
        Ok(Self { path, lines, index })
    }

    fn find(&self, id: &str, trial: u32) -> Result<RecordedLine, CallError> {
        let unrecorded = |reason: String| CallError {
            attempts: 0,
            ..CallError::new(CallErrorKind::Unrecorded, reason)
        };
        let path = self.path.display();
        let key = key(id, trial.into());
        let Ok(place) = self.index.binary_search_by_key(&key, |(key, _)| *key) else {
            let which = if trial > 1 { format!("trial {trial} of ") } else { String::new() };
            let reason = format!("`{path}` has no response for {which}example `{id}`");
            return Err(unrecorded(reason));
        };
        let line = self.lines.line_at(self.index[place].1).map_err(|error| error.to_string());
        line.and_then(|line| recorded_line::read(&line))
            .and_then(|line| if line.id == id { Ok(line) } else { Err("it has changed".into()) })
            .map_err(|reason| unrecorded(format!("`{path}` can no longer be read: {reason}")))
    }
}

fn read_index(path: &Path, file: File) -> Result<Vec<(Key, u64)>, SubjectError> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut index = Vec::new();
    let mut line = String::new();
    let mut offset = 0;
    for number in 1.. {
        line.clear();
        let failed = |source| SubjectError::Responses { path: path.to_owned(), source };
        let length = reader.read_line(&mut line).map_err(failed)?;
        if length == 0 {
            break;
        }
        if !line.trim().is_empty() {
            let read = recorded_line::read(&line).map_err(|reason| SubjectError::Line {
                path: path.to_owned(),
                line: number,
                reason,
            })?;
            index.push((key(&read.id, read.trial), offset));
        }
        offset += u64::try_from(length).unwrap_or(u64::MAX);
    }
    Ok(index)
}

fn key(id: &str, trial: u64) -> Key {
    let digest = Digest::chain([Digest::of(id.as_bytes()), Digest::of(&trial.to_le_bytes())]);
    let (halves, _) = digest.as_bytes().as_chunks::<8>();
    [u64::from_be_bytes(halves[0]), u64::from_be_bytes(halves[1])]
}

/// Makes the error of two lines for one example; their numbers are counted only now, since the index does not keep them.
fn duplicate(path: &Path, lines: &LineFile, first: u64, second: u64) -> SubjectError {
    let found = || -> io::Result<(String, u64, u64)> {
        let id = recorded_line::read(&lines.line_at(first)?).map_err(io::Error::other)?.id;
        Ok((id, line_number(path, first)?, line_number(path, second)?))
    };
    match found() {
        Ok((id, first, second)) => {
            SubjectError::Duplicate { path: path.to_owned(), id, first, second }
        }
        Err(source) => SubjectError::Responses { path: path.to_owned(), source },
    }
}

fn line_number(path: &Path, offset: u64) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mut number, mut position) = (1, 0);
    let mut line = Vec::new();
    while position < offset {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        position += u64::try_from(length).unwrap_or(u64::MAX);
        number += 1;
    }
    Ok(number)
}

impl Subject for RecordedSubject {
    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        self.respond_in_trial(example, 1)
    }

    fn respond_in_trial<'a>(
        &'a self,
        example: &'a Example,
        trial: u32,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let id = example.id.as_str();
            let RecordedLine { response, latency_millis, .. } = self.find(id, trial)?;
            let response = response.map_err(|reason| CallError {
                attempts: 0,
                ..CallError::new(
                    CallErrorKind::Unrecorded,
                    format!(
                        "`{}` has no response for example `{id}`: {reason}",
                        self.path.display()
                    ),
                )
            })?;
            Ok(Reply { response, latency_millis, attempts: 0, cached: false })
        })
    }
}
