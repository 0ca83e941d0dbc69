//! The trials that were seen of each example.

use std::collections::BTreeMap;

use evalward_core::{Digest, ExampleId, Measurement, Outcome, OutcomeKind, Partition, Trial};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The trials that were seen of each example, over all runs and repeats.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    examples: BTreeMap<(Partition, ExampleId), Seen>,
}

/// An example and what was seen of it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) hash: Digest,
    pub(crate) cluster: Option<String>,
    pub(crate) trials: Vec<Trial>,
}

/// An example that does not come out the same each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unstable {
    /// The example.
    pub example_id: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// Trials that passed.
    pub passed: u64,
    /// Trials that passed or failed.
    pub evaluated: u64,
}

impl Observed {
    /// Takes in a row of a run; its texts are not kept. A trial that was made to confirm a failure is left out, since only
    /// failures have one, and so is what a stopped run never came to.
    pub fn push(&mut self, mut trial: Trial) {
        if trial.confirms || trial.unfinished {
            return;
        }
        trial.input = BTreeMap::new();
        trial.expected_output = None;
        trial.tags = Vec::new();
        trial.response = None;
        trial.latency_millis = None;
        trial.cost_usd = None;
        trial.judge_calls = BTreeMap::new();
        trial.embedding_calls = BTreeMap::new();
        for measurement in trial.scores.values_mut() {
            if let Measurement::Score(score) = measurement {
                score.problems = Vec::new();
                score.detail = None;
            }
        }
        let key = (trial.partition, trial.example_id.clone());
        let seen = self.examples.entry(key).or_insert_with(|| Seen {
            hash: trial.example_hash,
            cluster: trial.cluster.clone(),
            trials: Vec::new(),
        });
        if seen.hash == trial.example_hash {
            seen.trials.push(trial);
        }
    }

    /// Returns the number of examples.
    pub fn examples(&self) -> usize {
        self.examples.len()
    }

    /// Returns the smallest number of trials of an example that did not error, which tell nothing; an example that errors each
    /// time does not count.
    pub fn fewest_trials(&self) -> usize {
        let told = |seen: &Seen| {
            let kinds = seen.trials.iter().map(|trial| trial.outcome.kind());
            kinds.filter(|kind| *kind != OutcomeKind::Errored).count()
        };
        self.examples.values().map(told).filter(|told| *told > 0).min().unwrap_or(0)
    }

    /// Returns the content hashes of a partition's examples.
    pub fn hashes(&self, partition: Partition) -> BTreeMap<ExampleId, Digest> {
        self.of(partition).map(|(id, seen)| (id.clone(), seen.hash)).collect()
    }

    /// Lists the examples that passed in some trials and failed in others, the least stable first.
    pub fn unstable(&self) -> Vec<Unstable> {
        let mut unstable: Vec<Unstable> = self
            .examples
            .iter()
            .map(|((partition, id), seen)| {
                let [passed, failed] = seen.counts();
                let (example_id, partition) = (id.clone(), *partition);
                Unstable { example_id, partition, passed, evaluated: passed + failed }
            })
            .filter(|it| 0 < it.passed && it.passed < it.evaluated)
            .collect();
        unstable.sort_by_key(|it| {
            let from_half = (2 * it.passed).abs_diff(it.evaluated);
            (it.partition, 1000 * from_half / it.evaluated)
        });
        unstable
    }

    pub(crate) fn of(&self, partition: Partition) -> impl Iterator<Item = (&ExampleId, &Seen)> {
        let of_partition = self.examples.iter().filter(move |((it, _), _)| *it == partition);
        of_partition.map(|((_, id), seen)| (id, seen))
    }
}

impl Seen {
    /// Returns the numbers of trials that passed and that failed.
    pub(crate) fn counts(&self) -> [u64; 2] {
        let of = |kind| {
            let trials = self.trials.iter().filter(|trial| trial.outcome.kind() == kind);
            u64::try_from(trials.count()).unwrap_or(u64::MAX)
        };
        [of(OutcomeKind::Passed), of(OutcomeKind::Failed)]
    }
}

/// Makes a trial fail as a real loss would: it breaks a rule, and every score is the worst of its scale.
pub(crate) fn spoil(trial: &mut Trial) {
    use evalward_core::{Reason, ReasonKind};

    trial.outcome = Outcome::Failed(vec![Reason {
        kind: ReasonKind::Metric,
        metric: "planted".to_owned(),
        message: "planted".to_owned(),
    }]);
    for measurement in trial.scores.values_mut() {
        if let Measurement::Score(score) = measurement {
            let worst = if score.scale.lower_is_better { score.scale.max } else { score.scale.min };
            score.value = worst.unwrap_or(score.value);
        }
    }
}
