//! The scores of a run by example, as comparisons and baselines need them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use evalward_core::{
    Digest, ExampleId, Finite, OutcomeKind, Partition, Scale, ScoreCell, ScoreRow,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByMetric, GateError};

/// The scores of a run by example; the trials of an example are averaged, with their variance kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunScores {
    /// Each metric's scale.
    pub scales: BTreeMap<String, Scale>,
    /// Each example.
    pub examples: BTreeMap<ExampleId, ExampleScores>,
    /// Rows that the run never came to, because it was stopped.
    #[serde(default, skip_serializing_if = "is_zero_rows")]
    pub unfinished: u64,
    #[serde(skip)]
    working: Working,
}

/// What taking in rows needs; no part of the scores, so it is neither stored nor compared.
#[derive(Clone, Debug, Default)]
struct Working {
    /// The trials that were taken in.
    seen: HashSet<u128>,
    /// The names of metrics, which all examples share.
    names: BTreeSet<Arc<str>>,
}

impl Working {
    fn name(&mut self, id: &str) -> Arc<str> {
        if let Some(known) = self.names.get(id) {
            return Arc::clone(known);
        }
        let name: Arc<str> = id.into();
        self.names.insert(Arc::clone(&name));
        name
    }
}

impl PartialEq for Working {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The scores of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleScores {
    /// Its partition.
    pub partition: Partition,
    /// Its content hash; examples are paired by id and hash.
    pub hash: Digest,
    /// Its cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Trials that passed.
    pub passed: u32,
    /// Trials that failed.
    pub failed: u32,
    /// Trials that could not be evaluated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errored: u32,
    /// Trials to which nothing that can fail applies.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: u32,
    /// Each metric that was scored or errored.
    pub metrics: ByMetric,
    /// The number of characters of the answers, over the trials that have one.
    #[serde(default, skip_serializing_if = "MetricScores::is_empty")]
    pub output_length: MetricScores,
}

/// A metric's scores on the trials of one example.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricScores {
    /// The number of trials with a score.
    pub n: u32,
    /// The mean score; 0 where `n` is 0.
    pub mean: Finite,
    /// The sum of squared deviations from the mean: what is known of run-to-run noise.
    #[serde(default, skip_serializing_if = "is_none")]
    pub squares: Finite,
    /// Trials on which the metric could not be computed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errored: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero_rows(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(squares: &Finite) -> bool {
    *squares == Finite::ZERO
}

impl RunScores {
    /// Takes in one row. A row that confirms a failure is left out: only failures have one, so that it would bend the mean.
    ///
    /// # Errors
    /// [`GateError`] where the row contradicts an earlier one: the same trial twice, another content, partition or cluster of
    /// the same example, or another scale of the same metric.
    pub fn push(&mut self, row: &ScoreRow) -> Result<(), GateError> {
        if !self.working.seen.insert(fingerprint(row)) {
            let (example, trial) = (row.example_id.clone(), row.trial);
            return Err(GateError::Repeated { example, trial });
        }
        if row.confirms {
            return Ok(());
        }
        self.unfinished += u64::from(row.unfinished);
        if !self.examples.contains_key(&row.example_id) {
            self.examples.insert(row.example_id.clone(), ExampleScores::new(row));
        }
        let Some(example) = self.examples.get_mut(&row.example_id) else { return Ok(()) };
        if let Some(what) = example.contradicts(row) {
            return Err(GateError::Contradiction { example: row.example_id.clone(), what });
        }
        match row.outcome {
            OutcomeKind::Passed => example.passed += 1,
            OutcomeKind::Failed => example.failed += 1,
            OutcomeKind::Errored => example.errored += 1,
            OutcomeKind::Skipped => example.skipped += 1,
        }
        if let Some(length) = row.output_length {
            example.output_length.add(length.into());
        }
        for (id, cell) in &row.scores {
            match cell {
                ScoreCell::Skipped(_) => {}
                ScoreCell::Errored(_) => {
                    example.metrics.entry(id, || self.working.name(id)).errored += 1;
                }
                ScoreCell::Score { value, scale, .. } => {
                    match self.scales.get(id) {
                        Some(known) if known == scale => {}
                        Some(_) => return Err(GateError::TwoScales { metric: id.clone() }),
                        None => drop(self.scales.insert(id.clone(), *scale)),
                    }
                    example.metrics.entry(id, || self.working.name(id)).add(*value);
                }
            }
        }
        Ok(())
    }
}

impl ExampleScores {
    fn new(row: &ScoreRow) -> Self {
        Self {
            partition: row.partition,
            hash: row.example_hash,
            cluster: row.cluster.clone(),
            passed: 0,
            failed: 0,
            errored: 0,
            skipped: 0,
            metrics: ByMetric::default(),
            output_length: MetricScores::default(),
        }
    }

    /// Names what of the row differs from the rows before.
    fn contradicts(&self, row: &ScoreRow) -> Option<&'static str> {
        if self.hash != row.example_hash {
            Some("contents")
        } else if self.partition != row.partition {
            Some("partitions")
        } else if self.cluster != row.cluster {
            Some("clusters")
        } else {
            None
        }
    }

    /// Says what of these scores no run can have, as a file that was edited or merged by hand may.
    pub(crate) fn contradiction(&self, scales: &BTreeMap<String, Scale>) -> Option<String> {
        let counts = [self.passed, self.failed, self.errored, self.skipped];
        let trials: u64 = counts.into_iter().map(u64::from).sum();
        if trials == 0 {
            return Some("has no trial".to_owned());
        }
        self.metrics.iter().find_map(|(id, scores)| {
            if u64::from(scores.n) + u64::from(scores.errored) > trials {
                return Some(format!("has more scores of `{id}` than trials"));
            }
            if scores.n == 0 {
                return None;
            }
            let Some(scale) = scales.get(id) else {
                return Some(format!("has scores of `{id}`, whose scale is missing"));
            };
            let is_outside = scale.min.is_some_and(|min| scores.mean < min)
                || scale.max.is_some_and(|max| scores.mean > max);
            is_outside.then(|| format!("has a mean of `{id}` outside its scale"))
        })
    }

    /// Returns the number of trials of any outcome.
    pub const fn trials(&self) -> u32 {
        self.passed + self.failed + self.errored + self.skipped
    }

    /// Returns the trials that a pass rate is taken over: those that passed or failed.
    pub const fn evaluated(&self) -> u32 {
        self.passed + self.failed
    }
}

impl MetricScores {
    /// Takes in the score of a trial, by Welford's update, which cannot overflow in the mean.
    pub fn add(&mut self, value: Finite) {
        self.n += 1;
        let before = value.get() - self.mean.get();
        self.mean = finite_or(self.mean.get() + before / f64::from(self.n), self.mean);
        let after = value.get() - self.mean.get();
        self.squares = finite_or(self.squares.get() + before * after, LARGEST);
    }

    /// Returns whether there is nothing to tell.
    pub const fn is_empty(&self) -> bool {
        self.n == 0 && self.errored == 0
    }
}

/// What stands for a sum that no float can hold.
const LARGEST: Finite = Finite::MAX;

fn finite_or(value: f64, otherwise: Finite) -> Finite {
    Finite::new(value).unwrap_or(otherwise)
}

/// Returns sixteen bytes that tell trials apart.
fn fingerprint(row: &ScoreRow) -> u128 {
    let id = Digest::of(row.example_id.as_str().as_bytes());
    let [head, _] = id.as_bytes().as_chunks::<16>().0 else { return 0 };
    // The bits of a digest are as good as random, so adding the number keeps trials of all examples apart.
    u128::from_le_bytes(*head).wrapping_add(row.trial.into())
}
