//! Going on with a run that was cut short.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};

use evalward_core::{ExampleId, KeptTrials, Outcome, SinkError, Trial, TrialPosition};
use serde_json::value::to_raw_value;

use crate::journal::{JOURNAL, Journal, Place};
use crate::{Recorder, RunError, StoredRun};

/// What is left of a run that was cut short.
#[derive(Debug)]
pub struct Resumption {
    /// The sink that goes on with the run's journal.
    pub recorder: Recorder,
    /// The rows that stay.
    pub kept: KeptRows,
    /// The lines of the journal that were not what had been written; what they held is evaluated again.
    pub damaged: u64,
}

/// The rows of a run that stay when it is resumed.
#[derive(Debug)]
pub struct KeptRows {
    rows: BTreeMap<TrialPosition, Place>,
    /// A handle of its own, since the recorder moves the place where its own one reads.
    journal: Mutex<Journal>,
}

impl KeptRows {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl KeptTrials for KeptRows {
    fn trial(&self, position: TrialPosition) -> Result<Option<Trial>, SinkError> {
        let Some(place) = self.rows.get(&position) else { return Ok(None) };
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(read(&journal, *place)?))
    }
}

/// Opens the journal of a run again; rows that errored, or that `again` names, are not kept.
///
/// The folder of a run that came to its end early, such as one that was interrupted, gets its journal back. Nothing is lost if
/// this is cut short itself.
///
/// # Errors
/// [`RunError::GoesOn`] if another process is writing the run; else what keeps its files from being read or written.
pub fn resume(
    stored: &StoredRun,
    again: impl Fn(&ExampleId) -> bool,
) -> Result<Resumption, RunError> {
    let folder = stored.folder();
    if stored.is_complete() {
        restore_journal(stored)?;
    }
    let journal = match Journal::reopen(folder) {
        // The run was killed before it had written anything.
        Err(RunError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            Journal::create(folder)?
        }
        opened => opened?,
    };
    let mut rows = journal.index.rows.clone();
    let mut unreadable = None;
    rows.retain(|_, place| match read(&journal, *place) {
        Ok(trial) => !matches!(trial.outcome, Outcome::Errored(_)) && !again(&trial.example_id),
        Err(error) => {
            unreadable = Some(error);
            false
        }
    });
    if let Some(error) = unreadable {
        return Err(error);
    }
    let damaged = journal.index.damaged;
    let kept = KeptRows { rows, journal: Mutex::new(Journal::read(folder)?) };
    Ok(Resumption { recorder: Recorder::resumed(folder.to_owned(), journal), kept, damaged })
}

fn read(journal: &Journal, place: Place) -> Result<Trial, RunError> {
    let mut text = Vec::new();
    journal.row(place, &mut text)?;
    serde_json::from_slice(&text).map_err(|source| journal.malformed(source))
}

/// Writes the rows of a run that came to its end into a journal, and takes its end away.
fn restore_journal(stored: &StoredRun) -> Result<(), RunError> {
    let folder = stored.folder();
    let temporary = folder.join("resumed");
    // Left behind where this was cut short before.
    match fs::remove_dir_all(&temporary) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(RunError::io("remove", &temporary)(error));
        }
        _ => fs::create_dir(&temporary).map_err(RunError::io("create", &temporary))?,
    }
    let mut journal = Journal::create(&temporary)?;
    for row in stored.placed_trials()? {
        let (position, trial) = row?;
        let row = to_raw_value(&trial).expect("a row has only string keys and finite numbers");
        journal.append(position, &row)?;
    }
    journal.sync()?;
    drop(journal);
    let path = folder.join(JOURNAL);
    fs::rename(temporary.join(JOURNAL), &path).map_err(RunError::io("write", &path))?;
    fs::remove_dir(&temporary).map_err(RunError::io("remove", &temporary))?;
    let results = folder.join("results.jsonl");
    fs::remove_file(&results).map_err(RunError::io("remove", &results))?;
    // It tells of the end that the run no longer has.
    match fs::remove_file(folder.join("summary.json")) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(RunError::io("remove", folder.join("summary.json"))(error))
        }
        _ => Ok(()),
    }
}
