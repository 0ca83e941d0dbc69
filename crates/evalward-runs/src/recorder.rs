//! The sink that writes the folder of a run.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use evalward_core::{EventSink, RunEvent, RunManifest, SinkError, Trial};
use serde::Serialize;

use crate::{RunError, write_atomically};

/// Writes a run's folder: rows to the journal as they finish, `results.jsonl` in the order of the dataset at the end.
///
/// Sixteen bytes a row stay in memory: where its text lies in the journal.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    journal: Option<Journal>,
}

#[derive(Debug)]
struct Journal {
    file: File,
    length: u64,
    /// The byte range of each row's text by its place in the order of the dataset; empty until the row is written.
    rows: Vec<(u64, u32)>,
}

#[derive(Serialize)]
struct JournalLine<'a> {
    position: u64,
    trial: &'a Trial,
}

impl Recorder {
    /// Names the folder, which must not hold a run yet; it is made when the run starts.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), journal: None }
    }

    fn start(&mut self, manifest: &RunManifest, total: u64) -> Result<(), RunError> {
        fs::create_dir_all(&self.folder).map_err(RunError::io("create", &self.folder))?;
        let path = self.folder.join("journal.jsonl");
        let file = File::options()
            .read(true)
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(RunError::io("create", &path))?;
        let rows = vec![(0, 0); usize::try_from(total).unwrap_or(0)];
        self.journal = Some(Journal { file, length: 0, rows });
        let text = serde_json::to_string_pretty(manifest).expect("a manifest has only string keys");
        write_atomically(&self.folder.join("manifest.json"), text.as_bytes())
    }

    fn append(&mut self, position: u64, trial: &Trial) -> Result<(), RunError> {
        let path = self.folder.join("journal.jsonl");
        let journal = self.journal.as_mut().ok_or_else(|| not_started(&path))?;
        let mut line = serde_json::to_vec(&JournalLine { position, trial })
            .expect("a row has only string keys and finite numbers");
        line.push(b'\n');
        journal.file.write_all(&line).map_err(RunError::io("write", &path))?;
        // The row's own text sits between `{"position":N,"trial":` and the closing brace and line end.
        let prefix = r#"{"position":,"trial":"#.len() + position.to_string().len();
        let row_length = u32::try_from(line.len() - prefix - 2).map_err(|_| too_long(&path))?;
        let start = journal.length + u64::try_from(prefix).map_err(|_| too_long(&path))?;
        let index = usize::try_from(position).map_err(|_| too_long(&path))?;
        if index >= journal.rows.len() {
            journal.rows.resize(index + 1, (0, 0));
        }
        journal.rows[index] = (start, row_length);
        journal.length += u64::try_from(line.len()).map_err(|_| too_long(&path))?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), RunError> {
        let journal_path = self.folder.join("journal.jsonl");
        let mut journal = self.journal.take().ok_or_else(|| not_started(&journal_path))?;
        journal.file.sync_all().map_err(RunError::io("write", &journal_path))?;
        let temporary = self.folder.join("results.jsonl.tmp");
        let file = File::create(&temporary).map_err(RunError::io("create", &temporary))?;
        let mut writer = BufWriter::with_capacity(1 << 16, file);
        let mut row = Vec::new();
        for &(start, length) in journal.rows.iter().filter(|(_, length)| *length > 0) {
            row.resize(usize::try_from(length).map_err(|_| too_long(&journal_path))?, 0);
            journal
                .file
                .seek(SeekFrom::Start(start))
                .and_then(|_| journal.file.read_exact(&mut row))
                .map_err(RunError::io("read", &journal_path))?;
            writer
                .write_all(&row)
                .and_then(|()| writer.write_all(b"\n"))
                .map_err(RunError::io("write", &temporary))?;
        }
        let file = writer
            .into_inner()
            .map_err(|error| RunError::io("write", &temporary)(error.into_error()))?;
        file.sync_all().map_err(RunError::io("write", &temporary))?;
        let results = self.folder.join("results.jsonl");
        fs::rename(&temporary, &results).map_err(RunError::io("write", &results))?;
        fs::remove_file(&journal_path).map_err(RunError::io("remove", &journal_path))
    }
}

fn not_started(path: &Path) -> RunError {
    RunError::io("write", path)(std::io::Error::other("the run was not started"))
}

fn too_long(path: &Path) -> RunError {
    RunError::io("write", path)(std::io::Error::other("a row of more than 4 GiB"))
}

impl EventSink for Recorder {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        match event {
            RunEvent::Started { manifest, total } => self.start(manifest, *total)?,
            RunEvent::TrialFinished { position, trial } => self.append(*position, trial)?,
            RunEvent::Finished => self.finish()?,
            _ => {}
        }
        Ok(())
    }
}
