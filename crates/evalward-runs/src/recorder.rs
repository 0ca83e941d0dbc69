//! The sink that writes the folder of a run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use evalward_core::{EventSink, RunEvent, RunManifest, SinkError, Trial, TrialPosition};
use serde_json::value::to_raw_value;

use crate::journal::{JOURNAL, Journal};
use crate::shard::ShardOrder;
use crate::{RunError, write_atomically};

/// Writes a run's folder: rows to the journal as they finish, `results.jsonl` in the order of the dataset at the end.
///
/// Some forty bytes a row stay in memory: where its text lies in the journal.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    journal: Option<Journal>,
    is_shard: bool,
}

impl Recorder {
    /// Names the folder, which must not hold a run yet; it is made when the run starts.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), journal: None, is_shard: false }
    }

    /// Goes on with the journal of a run that was cut short.
    pub(crate) fn resumed(folder: PathBuf, journal: Journal) -> Self {
        Self { folder, journal: Some(journal), is_shard: false }
    }

    fn start(&mut self, manifest: &RunManifest) -> Result<(), RunError> {
        self.is_shard = manifest.selection.shard.is_some();
        if self.journal.is_none() {
            fs::create_dir_all(&self.folder).map_err(RunError::io("create", &self.folder))?;
            self.journal = Some(Journal::create(&self.folder)?);
        }
        let text = serde_json::to_string_pretty(manifest).expect("a manifest has only string keys");
        write_atomically(&self.folder.join("manifest.json"), text.as_bytes())
    }

    fn append(&mut self, position: TrialPosition, trial: &Trial) -> Result<(), RunError> {
        let journal = self.journal.as_mut().ok_or_else(|| not_started(&self.folder))?;
        let row = to_raw_value(trial).expect("a row has only string keys and finite numbers");
        journal.append(position, &row)
    }

    fn finish(&mut self) -> Result<(), RunError> {
        let journal = self.journal.take().ok_or_else(|| not_started(&self.folder))?;
        journal.sync()?;
        if self.is_shard {
            ShardOrder::of(journal.index.rows.keys()).write(&self.folder)?;
        }
        let temporary = self.folder.join("results.jsonl.tmp");
        let file = File::create(&temporary).map_err(RunError::io("create", &temporary))?;
        let mut writer = BufWriter::with_capacity(1 << 16, file);
        let mut row = Vec::new();
        for place in journal.index.rows.values() {
            journal.row(*place, &mut row)?;
            row.push(b'\n');
            writer.write_all(&row).map_err(RunError::io("write", &temporary))?;
        }
        let file = writer
            .into_inner()
            .map_err(|error| RunError::io("write", &temporary)(error.into_error()))?;
        file.sync_all().map_err(RunError::io("write", &temporary))?;
        let results = self.folder.join("results.jsonl");
        fs::rename(&temporary, &results).map_err(RunError::io("write", &results))?;
        let journal = self.folder.join(JOURNAL);
        fs::remove_file(&journal).map_err(RunError::io("remove", &journal))
    }
}

fn not_started(folder: &std::path::Path) -> RunError {
    RunError::io("write", folder)(std::io::Error::other("the run was not started"))
}

impl EventSink for Recorder {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        match event {
            RunEvent::Started { manifest, .. } => self.start(manifest)?,
            RunEvent::TrialFinished { position, trial } => self.append(*position, trial)?,
            RunEvent::Finished => self.finish()?,
            _ => {}
        }
        Ok(())
    }
}
