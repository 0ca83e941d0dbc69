//! The file of a recording: an index in memory, the answers on disk.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use evalward_core::Digest;

use super::compressed::{is_compressed, is_to_be_compressed, packed, unfinished, unpacked};
use super::{TapeAnswer, entry};
use crate::{LineFile, ModelError};

/// An open recording.
#[derive(Debug)]
pub(super) struct Recording {
    path: PathBuf,
    /// The file with the lines: the recording itself, or the one beside it that is compressed at the end.
    working: PathBuf,
    lines: LineFile,
    /// Where the line of each call starts.
    offsets: BTreeMap<Digest, u64>,
    /// The writing end, which also holds the lock; absent in a replay and once finished.
    writer: Option<File>,
    length: u64,
}

/// What a pass over the file found.
struct Scan {
    offsets: BTreeMap<Digest, u64>,
    /// The bytes of whole lines; what follows was being written when the recording was cut short.
    whole: u64,
}

impl Recording {
    /// Opens a recording to be replayed; one that was compressed is unpacked into a file without a name.
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let failed = |source| io_error("open", path, source);
        let mut file = File::open(path).map_err(failed)?;
        if is_compressed(&mut file).map_err(failed)? {
            file = unpacked(file).map_err(|source| io_error("unpack", path, source))?;
        }
        let scan = scan(path, &file)?;
        if scan.whole == 0 {
            let reason = "the recording is empty".to_owned();
            return Err(ModelError::RecordingLine { path: path.to_owned(), line: 1, reason });
        }
        Ok(Self {
            path: path.to_owned(),
            working: path.to_owned(),
            lines: LineFile::new(file),
            offsets: scan.offsets,
            writer: None,
            length: scan.whole,
        })
    }

    /// Opens a recording to be continued, or starts one; one whose name ends in `.gz` is compressed when it is finished.
    pub(super) fn create(path: &Path) -> Result<Self, ModelError> {
        if !is_to_be_compressed(path) {
            return Self::create_plain(path);
        }
        let plain = Self::create_plain(&unfinished(path))?;
        let mut recording = Self { path: path.to_owned(), ..plain };
        // A recording that was cut short may have left the file beside this one, with more or with fewer calls.
        if path.exists() {
            recording.take_over(&Self::open(path)?)?;
        }
        Ok(recording)
    }

    /// Takes over the calls that this recording lacks.
    fn take_over(&mut self, other: &Self) -> Result<(), ModelError> {
        for (key, offset) in &other.offsets {
            if !self.offsets.contains_key(key) {
                let line = other.lines.line_at(*offset);
                let line = line.map_err(|source| io_error("read", &other.path, source))?;
                self.append(*key, &line)?;
            }
        }
        Ok(())
    }

    fn create_plain(path: &Path) -> Result<Self, ModelError> {
        let failed = |source| io_error("open", path, source);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut writer = File::options()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        lock(path, &writer)?;
        if is_compressed(&mut writer).map_err(failed)? {
            return Err(ModelError::CompressedRecording { path: path.to_owned() });
        }
        let Scan { offsets, whole } = scan(path, &writer)?;
        writer.set_len(whole).map_err(failed)?;
        writer.seek(SeekFrom::Start(whole)).map_err(failed)?;
        let lines = LineFile::new(File::open(path).map_err(failed)?);
        let mut recording = Self {
            path: path.to_owned(),
            working: path.to_owned(),
            lines,
            offsets,
            writer: Some(writer),
            length: whole,
        };
        if whole == 0 {
            recording.write_line(&entry::header())?;
        }
        Ok(recording)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the recorded answer of a call.
    pub(super) fn answer(&self, key: Digest) -> Result<Option<TapeAnswer>, ModelError> {
        let Some(offset) = self.offsets.get(&key) else { return Ok(None) };
        let line =
            self.lines.line_at(*offset).map_err(|source| io_error("read", &self.path, source))?;
        entry::answer(&line).map(Some).map_err(|reason| {
            // The line was whole when the file was opened, so someone has changed the file since.
            io_error("read", &self.path, io::Error::other(reason))
        })
    }

    /// Appends a call; it is with the operating system when this returns.
    pub(super) fn append(&mut self, key: Digest, line: &str) -> Result<(), ModelError> {
        let offset = self.length;
        self.write_line(line)?;
        self.offsets.insert(key, offset);
        Ok(())
    }

    fn write_line(&mut self, line: &str) -> Result<(), ModelError> {
        let failed = |source| io_error("write", &self.path, source);
        let finished = || failed(io::Error::other("the recording is finished"));
        let writer = self.writer.as_mut().ok_or_else(finished)?;
        let line = format!("{line}\n");
        writer.write_all(line.as_bytes()).map_err(failed)?;
        self.length += u64::try_from(line.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Sorts the lines and puts the file on the disk for good; does nothing in a replay.
    pub(super) fn finish(&mut self) -> Result<(), ModelError> {
        let Some(writer) = &self.writer else { return Ok(()) };
        writer.sync_all().map_err(|source| io_error("write", &self.path, source))?;
        let mut temporary = self.path.as_os_str().to_owned();
        temporary.push(".tmp");
        let temporary = PathBuf::from(temporary);
        self.write_sorted(&temporary).map_err(|source| io_error("write", &temporary, source))?;
        fs::rename(&temporary, &self.path)
            .map_err(|source| io_error("write", &self.path, source))?;
        if self.working != self.path {
            fs::remove_file(&self.working)
                .map_err(|source| io_error("remove", &self.working, source))?;
        }
        *self = Self::open(&self.path)?;
        Ok(())
    }

    fn write_sorted(&self, to: &Path) -> io::Result<()> {
        let mut order = Vec::with_capacity(self.offsets.len());
        for offset in self.offsets.values() {
            let line = self.lines.line_at(*offset)?;
            order.push((entry::order(&line).map_err(io::Error::other)?, *offset));
        }
        order.sort();
        let offsets: Vec<u64> = order.into_iter().map(|(_, offset)| offset).collect();
        let file = if self.working == self.path {
            let mut writer = BufWriter::new(File::create(to)?);
            self.write_lines(&offsets, &mut writer)?;
            writer
        } else {
            let mut writer = packed(to)?;
            self.write_lines(&offsets, &mut writer)?;
            writer.finish()?
        };
        file.into_inner()?.sync_all()
    }

    fn write_lines(&self, offsets: &[u64], to: &mut impl Write) -> io::Result<()> {
        writeln!(to, "{}", entry::header())?;
        for offset in offsets {
            writeln!(to, "{}", self.lines.line_at(*offset)?)?;
        }
        Ok(())
    }
}

/// Reads a recording once, line by line.
fn scan(path: &Path, file: &File) -> Result<Scan, ModelError> {
    let mut reader = BufReader::new(file);
    let mut scan = Scan { offsets: BTreeMap::new(), whole: 0 };
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length =
            reader.read_until(b'\n', &mut line).map_err(|source| io_error("read", path, source))?;
        if length == 0 {
            break;
        }
        let bad =
            |reason| ModelError::RecordingLine { path: path.to_owned(), line: number, reason };
        if !line.ends_with(b"\n") {
            if number == 1 && !entry::header().as_bytes().starts_with(&line) {
                // Some other file of the user, which must not be overwritten.
                entry::check_header("").map_err(bad)?;
            }
            let path = path.display();
            tracing::warn!(%path, line = number, "dropping the last line, which was cut off");
            break;
        }
        let text = std::str::from_utf8(&line).map_err(|error| bad(error.to_string()))?;
        if number == 1 {
            entry::check_header(text).map_err(bad)?;
        } else {
            let key = entry::check(text).map_err(bad)?.key;
            if scan.offsets.insert(key, scan.whole).is_some() {
                return Err(bad("an earlier line holds the same call".to_owned()));
            }
        }
        scan.whole += u64::try_from(length).unwrap_or(u64::MAX);
    }
    Ok(scan)
}

/// Keeps a second process from recording into the same file.
fn lock(path: &Path, file: &File) -> Result<(), ModelError> {
    match file.try_lock() {
        // Some network file systems know no locks; recording works there all the same.
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(source)) => Err(io_error("lock", path, source)),
        Err(TryLockError::WouldBlock) => {
            Err(io_error("lock", path, io::Error::other("another run is recording into it")))
        }
    }
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> ModelError {
    ModelError::RecordingFile { action, path: path.to_owned(), source }
}
