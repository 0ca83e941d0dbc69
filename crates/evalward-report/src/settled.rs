//! The rows that stand for examples whose failures were confirmed or overturned.

use std::collections::VecDeque;

use evalward_core::Trial;
use evalward_gate::{Confirmed, Confirming};

use crate::Run;

/// An iterator over rows in which an example with fresh trials has the one row that its gate goes by.
pub(crate) struct Settled<'a, I, E> {
    run: Run<'a>,
    rows: I,
    /// Rows of one example.
    group: Vec<Trial>,
    ready: VecDeque<Result<Trial, E>>,
}

/// Lets the majority speak for each example whose gate confirms failures; other rows pass as they are.
pub(crate) fn settled<I, E>(run: Run<'_>, rows: I) -> Settled<'_, I::IntoIter, E>
where
    I: IntoIterator<Item = Result<Trial, E>>,
{
    Settled { run, rows: rows.into_iter(), group: Vec::new(), ready: VecDeque::new() }
}

impl<I, E> Settled<'_, I, E> {
    fn settle(&mut self) {
        let group = std::mem::take(&mut self.group);
        let verdict = self.verdict(&group);
        let keeps = |trial: &Trial| match verdict {
            None => true,
            Some(Confirmed::Overturned) => {
                trial.outcome.kind() == evalward_core::OutcomeKind::Passed
            }
            Some(Confirmed::Confirmed) => {
                trial.outcome.kind() == evalward_core::OutcomeKind::Failed
            }
        };
        let kept = group.into_iter().filter(keeps);
        let most = if verdict.is_some() { 1 } else { usize::MAX };
        self.ready.extend(kept.take(most).map(Ok));
    }

    fn verdict(&self, group: &[Trial]) -> Option<Confirmed> {
        let manifest = self.run.manifest;
        let confirm = manifest.gates.get(&group.first()?.partition)?.confirm?;
        let mut tally = Confirming::default();
        for trial in group {
            tally.push(trial);
        }
        tally.verdict(confirm, manifest.repeats)
    }
}

impl<I, E> Iterator for Settled<'_, I, E>
where
    I: Iterator<Item = Result<Trial, E>>,
{
    type Item = Result<Trial, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.rows.next() {
                None if self.group.is_empty() => return None,
                None => self.settle(),
                Some(Err(error)) => {
                    self.settle();
                    self.ready.push_back(Err(error));
                }
                Some(Ok(trial)) => {
                    if self.group.first().is_some_and(|first| first.example_id != trial.example_id)
                    {
                        self.settle();
                    }
                    self.group.push(trial);
                }
            }
        }
    }
}
