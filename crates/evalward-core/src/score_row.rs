//! A row of a run without its texts.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Digest, ExampleId, Finite, Measurement, OutcomeKind, Partition, Scale, Trial};

/// What a comparison needs of a row: who, what became of it and every score, without inputs, answers and details.
///
/// It reads from the same line as [`Trial`], in a fraction of its time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ScoreRow {
    /// The example.
    pub example_id: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// Its content hash, by which runs are paired.
    pub example_hash: Digest,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// Whether the run stopped before the example was evaluated.
    #[serde(default)]
    pub unfinished: bool,
    /// The example's cluster.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, ScoreCell>,
}

/// A metric's result on a row.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreCell {
    /// A score.
    Score {
        /// The value.
        value: Finite,
        /// What the value lies on.
        scale: Scale,
        /// Whether the value is good enough; absent where the metric only reports.
        #[serde(default)]
        passed: Option<bool>,
    },
    /// The metric does not apply to this example.
    Skipped(serde::de::IgnoredAny),
    /// The metric could not be computed.
    Errored(serde::de::IgnoredAny),
}

impl From<&Measurement> for ScoreCell {
    fn from(measurement: &Measurement) -> Self {
        match measurement {
            Measurement::Score(score) => {
                Self::Score { value: score.value, scale: score.scale, passed: score.passed }
            }
            Measurement::Skipped(_) => Self::Skipped(serde::de::IgnoredAny),
            Measurement::Errored(_) => Self::Errored(serde::de::IgnoredAny),
        }
    }
}

impl From<&Trial> for ScoreRow {
    fn from(trial: &Trial) -> Self {
        Self {
            example_id: trial.example_id.clone(),
            partition: trial.partition,
            example_hash: trial.example_hash,
            trial: trial.trial,
            outcome: trial.outcome.kind(),
            unfinished: trial.unfinished,
            cluster: trial.cluster.clone(),
            scores: trial.scores.iter().map(|(id, score)| (id.clone(), score.into())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Example, Outcome, Score, Timestamp};

    #[test]
    fn the_line_of_a_trial_reads_as_its_row() {
        let example = Example::new("a-1", Partition::Golden);
        let mut trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
        trial.scores.insert("ok".to_owned(), Measurement::Score(Score::yes_or_no(true)));
        trial.scores.insert("no".to_owned(), Measurement::Skipped("does not apply".to_owned()));
        let line = serde_json::to_string(&trial).unwrap();
        assert_eq!(serde_json::from_str::<ScoreRow>(&line).unwrap(), ScoreRow::from(&trial));
    }
}
