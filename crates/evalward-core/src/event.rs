//! What a run tells while it goes on.

use std::error::Error;

use crate::{RunManifest, Trial};

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
    /// A trial is done; `position` is its place in the order of the dataset, from 0.
    TrialFinished {
        /// The place in the order of the dataset.
        position: u64,
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
