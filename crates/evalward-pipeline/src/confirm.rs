//! Which fresh trials a run makes to confirm failures.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use evalward_core::{
    Confirmations as Majority, Example, Partition, RunManifest, Trial, TrialPosition,
};
use evalward_gate::Confirming;

use crate::trial::Number;

/// A trial to make.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The place of the example among all that were asked for, in the order of the dataset, from 0.
    pub(crate) index: u64,
    pub(crate) number: Number,
    pub(crate) example: Arc<Example>,
}

impl Job {
    /// Returns the place of the job's row.
    pub(crate) const fn position(&self) -> TrialPosition {
        TrialPosition { index: self.index, trial: self.number.trial }
    }

    /// Returns whether a row is what came of this very job.
    pub(crate) fn made(&self, trial: &Trial) -> bool {
        trial.example_id == self.example.id
            && trial.confirms == self.number.confirms
            && trial.example_hash == self.example.content_hash()
    }
}

/// Watches the examples whose gates confirm failures.
#[derive(Debug)]
pub(crate) struct Confirmations {
    repeats: NonZeroU32,
    gates: BTreeMap<Partition, Majority>,
    watched: BTreeMap<u64, Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    tally: Confirming,
    /// Trials that are still to come.
    open: u32,
    last: u32,
}

impl Confirmations {
    pub(crate) fn new(manifest: &RunManifest) -> Self {
        let gates: BTreeMap<Partition, Majority> = manifest
            .gates
            .iter()
            .filter_map(|(partition, policy)| Some((*partition, policy.confirm?)))
            .collect();
        Self { repeats: manifest.repeats, gates, watched: BTreeMap::new() }
    }

    /// Prepares for the trials of an example.
    pub(crate) fn expect(&mut self, index: u64, example: &Example) {
        if self.gates.contains_key(&example.partition) {
            let repeats = self.repeats.get();
            let watched = Watched { open: repeats, last: repeats, ..Watched::default() };
            self.watched.insert(index, watched);
        }
    }

    /// Takes in a finished trial and returns the fresh one that it calls for.
    pub(crate) fn finished(&mut self, job: &Job, trial: &Trial) -> Option<Job> {
        let confirm = *self.gates.get(&job.example.partition)?;
        let watched = self.watched.get_mut(&job.index)?;
        watched.tally.push(trial);
        watched.open = watched.open.saturating_sub(1);
        if watched.open > 0 {
            return None;
        }
        if !watched.tally.needs_another(confirm, self.repeats) {
            self.watched.remove(&job.index);
            return None;
        }
        watched.open = 1;
        watched.last += 1;
        let number = Number { trial: watched.last, confirms: true };
        Some(Job { index: job.index, number, example: Arc::clone(&job.example) })
    }
}
