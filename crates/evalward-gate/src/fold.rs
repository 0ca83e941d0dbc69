//! From rows to a summary.

use std::collections::{BTreeMap, HashSet};

use evalward_core::{Digest, EmbeddingCalls, ExampleId, JudgeCalls, Partition, ScoreRow, Trial};
use evalward_stats::StatsError;

use crate::decide::decide;
use crate::tally::Tally;
use crate::{Plan, RunScores, SubjectCalls, Summary};

/// The error of a fold: a number came out that cannot be stated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// Two rows tell about the same trial.
    #[error("failed to fold the rows: trial {trial} of example `{example}` has two")]
    Repeated {
        /// The example.
        example: ExampleId,
        /// The number of the trial.
        trial: u32,
    },
    /// Two rows disagree about one example.
    #[error("failed to fold the rows: example `{example}` has two {what}")]
    Contradiction {
        /// The example.
        example: ExampleId,
        /// What there are two of.
        what: &'static str,
    },
    /// Two rows disagree about a metric's scale.
    #[error("failed to fold the rows: metric `{metric}` has two scales")]
    TwoScales {
        /// The metric.
        metric: String,
    },
    /// A statistic could not be computed.
    #[error("failed to compute {what} of partition `{partition}`")]
    Statistic {
        /// The statistic.
        what: &'static str,
        /// The partition.
        partition: Partition,
        /// Why.
        #[source]
        source: StatsError,
    },
}

/// Takes in rows one by one; keeps for each row eight bytes for the latency quantiles and sixteen to tell rows apart, for each
/// example the counts of its trials, and sums. Scores are kept only where a gate compares them with a baseline.
#[derive(Debug, Default)]
pub struct Fold {
    partitions: BTreeMap<Partition, Tally>,
    seen: HashSet<u128>,
    scores: Option<RunScores>,
    judges: BTreeMap<String, JudgeCalls>,
    embeddings: BTreeMap<String, EmbeddingCalls>,
    subject: SubjectCalls,
    /// Whether only what decides is computed.
    is_bare: bool,
}

impl Fold {
    /// Makes a fold that keeps what the gates of the plan need.
    pub fn for_plan(plan: &Plan) -> Self {
        Self {
            scores: plan.compares().then(RunScores::default),
            is_bare: !plan.companions,
            ..Self::default()
        }
    }

    /// Takes in one row.
    ///
    /// # Errors
    /// [`GateError::Repeated`] if the same trial was taken in before; where scores are kept, what [`RunScores::push`] says.
    pub fn push(&mut self, trial: &Trial) -> Result<(), GateError> {
        if !self.seen.insert(fingerprint(trial.example_id.as_str(), Some(trial.trial))) {
            let (example, trial) = (trial.example_id.clone(), trial.trial);
            return Err(GateError::Repeated { example, trial });
        }
        if let Some(scores) = &mut self.scores {
            scores.push(&ScoreRow::from(trial))?;
        }
        if trial.response.is_some() && (trial.cached || trial.attempts > 0) {
            self.subject.answers += 1;
            self.subject.cached += u64::from(trial.cached);
        }
        for (id, calls) in &trial.judge_calls {
            if !self.judges.contains_key(id) {
                self.judges.insert(id.clone(), JudgeCalls::default());
            }
            if let Some(sum) = self.judges.get_mut(id) {
                sum.add(calls);
            }
        }
        for (id, calls) in &trial.embedding_calls {
            if !self.embeddings.contains_key(id) {
                self.embeddings.insert(id.clone(), EmbeddingCalls::default());
            }
            if let Some(sum) = self.embeddings.get_mut(id) {
                sum.add(calls);
            }
        }
        self.partitions.entry(trial.partition).or_default().push(trial, !self.is_bare);
        Ok(())
    }

    /// Computes the summary and decides the gates of the plan.
    ///
    /// # Errors
    /// [`GateError`] if a number cannot be stated; it names the statistic and the partition.
    pub fn finish(self, plan: &Plan) -> Result<Summary, GateError> {
        let mut partitions = BTreeMap::new();
        for (partition, tally) in self.partitions {
            partitions.insert(partition, tally.finish(partition, plan)?);
        }
        let mut summary = decide(partitions, self.scores.as_ref(), plan)?;
        summary.warnings.extend(self.judges.iter().filter_map(|(id, it)| several_models(id, it)));
        summary.judges = self.judges;
        summary.embeddings = self.embeddings;
        summary.subject = (self.subject.answers > 0).then_some(self.subject);
        Ok(summary)
    }
}

/// Says where more than one model gave the scores of a metric, as the server names them.
fn several_models(metric: &str, calls: &JudgeCalls) -> Option<String> {
    (calls.models.len() > 1).then(|| {
        format!(
            "the judge of `{metric}` was answered by {} models or versions of one, so that its scores were not all given by the same",
            calls.models.len()
        )
    })
}

/// Returns sixteen bytes that tell names apart, and numbers of one name.
pub(crate) fn fingerprint(name: &str, number: Option<u32>) -> u128 {
    let mut digest = Digest::of(name.as_bytes());
    if let Some(number) = number {
        digest = Digest::chain([digest, Digest::of(&number.to_le_bytes())]);
    }
    let [head, _] = digest.as_bytes().as_chunks::<16>().0 else { return 0 };
    u128::from_le_bytes(*head)
}
