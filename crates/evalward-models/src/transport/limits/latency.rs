//! Whether answers get slower because too many calls are under way.

use std::time::Duration;

use tokio::time::Instant;

/// The fewest and the most answers that are looked at together.
const WINDOW: (usize, usize) = (32, 512);

/// How much longer answers must take at least before it counts as slower.
const NOTABLE: Duration = Duration::from_millis(100);

/// Compares answers in groups: where they take twice as long as they once did and there are no more of them in a time, fewer calls
/// are tried; where that makes fewer answers, it is taken back, since the calls take longer by themselves.
#[derive(Debug, Default)]
pub(super) struct LatencyWatch {
    latencies: Vec<Duration>,
    since: Option<Instant>,
    /// The quickest group of answers.
    best: Option<Group>,
    experiment: Option<Experiment>,
}

/// What the watch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rising {
    /// Fewer calls at once may do as much.
    Suspected,
    /// They did not; the bound from before is to be restored.
    Refuted(Option<usize>),
}

#[derive(Clone, Copy, Debug)]
struct Group {
    median: Duration,
    /// The time for each answer, many of which come at once.
    time_each: Duration,
}

#[derive(Debug)]
struct Experiment {
    limit: Option<usize>,
    before: Group,
    /// Whether the bound was lowered and answers are compared.
    runs: bool,
}

impl LatencyWatch {
    /// Takes in an answer, with the number of calls that were under way with it.
    pub(super) fn observe(
        &mut self,
        latency: Duration,
        now: Instant,
        at_once: usize,
    ) -> Option<Rising> {
        let since = *self.since.get_or_insert(now);
        self.latencies.push(latency);
        let (least, most) = WINDOW;
        if self.latencies.len() < (at_once * 2).clamp(least, most) {
            return None;
        }
        let middle = self.latencies.len() / 2;
        let median = *self.latencies.select_nth_unstable(middle).1;
        let answers = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        let group = Group { median, time_each: (now - since) / answers };
        self.restart();
        self.judge(group)
    }

    fn judge(&mut self, group: Group) -> Option<Rising> {
        if let Some(experiment) = self.experiment.take_if(|experiment| experiment.runs)
            && group.time_each * 9 > experiment.before.time_each * 10
        {
            // From now on this is how long answers take.
            self.best = Some(experiment.before);
            return Some(Rising::Refuted(experiment.limit));
        }
        let Some(best) = self.best.filter(|best| best.median <= group.median) else {
            self.best = Some(group);
            return None;
        };
        let is_slower = group.median >= best.median * 2 && group.median >= best.median + NOTABLE;
        let does_more = group.time_each * 11 < best.time_each * 10;
        if !is_slower || does_more {
            return None;
        }
        self.experiment = Some(Experiment { limit: None, before: group, runs: false });
        Some(Rising::Suspected)
    }

    /// Begins to compare with what is answered from now on.
    pub(super) fn try_less(&mut self, limit: Option<usize>) {
        if let Some(experiment) = &mut self.experiment {
            (experiment.limit, experiment.runs) = (limit, true);
        }
        self.restart();
    }

    /// Forgets answers that cannot be compared.
    pub(super) fn restart(&mut self) {
        self.latencies.clear();
        self.since = None;
    }
}
