//! The time of a run and of its partitions.

use std::collections::BTreeMap;
use std::time::Duration;

use evalward_core::{Budget, Partition};
use tokio::time::Instant;

/// How long calls under way may still take when the time is up.
const GRACE: Duration = Duration::from_secs(10);

/// Watches the time of a run and of its partitions.
#[derive(Debug)]
pub(crate) struct Clocks {
    total: Option<Instant>,
    limit: Option<Duration>,
    limits: BTreeMap<Partition, Duration>,
    partitions: BTreeMap<Partition, Running>,
    current: Option<Partition>,
    grace_ends: Option<Instant>,
}

#[derive(Debug)]
struct Running {
    since: Instant,
    trials: usize,
}

/// Whose time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUp {
    Run(Duration),
    Partition(Partition, Duration),
    /// That of calls which were under way when the run was stopped.
    Grace,
}

impl Clocks {
    pub(crate) fn start(budget: &Budget) -> Self {
        Self {
            total: budget.total.and_then(|limit| Instant::now().checked_add(limit)),
            limit: budget.total,
            limits: budget.partitions.clone(),
            partitions: BTreeMap::new(),
            current: None,
            grace_ends: None,
        }
    }

    pub(crate) fn trial_starts(&mut self, partition: Partition) {
        self.current = Some(partition);
        let new = || Running { since: Instant::now(), trials: 0 };
        self.partitions.entry(partition).or_insert_with(new).trials += 1;
    }

    pub(crate) fn trial_ends(&mut self, partition: Partition) {
        if let Some(running) = self.partitions.get_mut(&partition) {
            running.trials = running.trials.saturating_sub(1);
        }
    }

    /// Gives the calls that are under way a last moment.
    pub(crate) fn stop(&mut self) {
        self.grace_ends = Some(Instant::now() + GRACE);
    }

    /// Returns the next moment at which something is up.
    pub(crate) fn next(&self) -> Option<(Instant, TimeUp)> {
        if let Some(at) = self.grace_ends {
            return Some((at, TimeUp::Grace));
        }
        let run = self.total.zip(self.limit).map(|(at, limit)| (at, TimeUp::Run(limit)));
        let partitions = self.partitions.iter().filter_map(|(partition, running)| {
            let counts = running.trials > 0 || self.current == Some(*partition);
            let limit = *self.limits.get(partition).filter(|_| counts)?;
            Some((running.since.checked_add(limit)?, TimeUp::Partition(*partition, limit)))
        });
        partitions.chain(run).min_by_key(|(at, _)| *at)
    }
}
