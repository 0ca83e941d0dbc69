//! What a run tells while it goes on, and what it takes over from an earlier attempt.

use std::error::Error;
use std::fmt;

use crate::{RunManifest, Trial};

/// The place of a row: first by example, then by trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrialPosition {
    /// The place of the example among all that were asked for, in the order of the dataset, from 0.
    pub index: u64,
    /// The number of the trial, from 1.
    pub trial: u32,
}

/// Something that happened in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunEvent<'a> {
    /// The run starts; `total` trials are to come.
    Started {
        /// What the run is made of.
        manifest: &'a RunManifest,
        /// The number of trials.
        total: u64,
    },
    /// A trial is done.
    TrialFinished {
        /// The place of its row.
        position: TrialPosition,
        /// The row.
        trial: &'a Trial,
    },
    /// A trial was done before the run was resumed; its row is on record already.
    TrialKept {
        /// The place of its row.
        position: TrialPosition,
        /// The row.
        trial: &'a Trial,
    },
    /// No more trials will come; each of the `total` was told.
    Finished,
}

/// The error of a sink: it names what it could not do.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// A listener to a run: a recorder, a progress bar, a store.
pub trait EventSink: Send {
    /// Takes in one event.
    ///
    /// # Errors
    /// Whatever keeps the sink from doing its duty; the run stops, because results must not be lost silently.
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError>;
}

/// The rows of a run that was cut short, for the one that resumes it.
pub trait KeptTrials: Send + Sync + fmt::Debug {
    /// Returns the row at a place, or nothing where the trial is still to be made.
    ///
    /// # Errors
    /// Whatever keeps the row from being read.
    fn trial(&self, position: TrialPosition) -> Result<Option<Trial>, SinkError>;
}
