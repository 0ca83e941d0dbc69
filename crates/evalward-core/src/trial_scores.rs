//! What the history of runs keeps of a trial.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ExampleId, Finite, OutcomeKind, Partition, RunId, ScoreCell, ScoreRow};

/// What a trial of an example came to in a recorded run; its texts stay in the folder of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialScores {
    /// The run.
    pub run: RunId,
    /// The example.
    pub example: ExampleId,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// The example's partition.
    pub partition: Partition,
    /// The start of the example's content hash.
    pub content: String,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// Whether the trial was made to confirm a failure.
    pub confirms: bool,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, KeptScore>,
}

/// What is kept of a metric's result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeptScore {
    /// A score.
    Score {
        /// The value.
        value: Finite,
        /// Whether it passed; absent where the metric only reports.
        passed: Option<bool>,
    },
    /// The metric did not apply.
    Skipped,
    /// The metric could not be computed.
    Errored,
}

impl TrialScores {
    /// Takes from a row of a run what is kept of it.
    pub fn new(run: &RunId, row: ScoreRow) -> Self {
        Self {
            run: run.clone(),
            example: row.example_id,
            trial: row.trial,
            partition: row.partition,
            content: row.example_hash.short(),
            outcome: row.outcome,
            confirms: row.confirms,
            scores: row.scores.into_iter().map(|(metric, cell)| (metric, cell.into())).collect(),
        }
    }
}

impl From<ScoreCell> for KeptScore {
    fn from(cell: ScoreCell) -> Self {
        match cell {
            ScoreCell::Score { value, passed, .. } => Self::Score { value, passed },
            ScoreCell::Skipped(_) => Self::Skipped,
            ScoreCell::Errored(_) => Self::Errored,
        }
    }
}

/// `[value]`, `[value, passed]`, `"skipped"` or `"errored"`: short, since there is one of each metric and trial.
impl Serialize for KeptScore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Score { value, passed: None } => [value].serialize(serializer),
            Self::Score { value, passed: Some(passed) } => (value, passed).serialize(serializer),
            Self::Skipped => serializer.serialize_str("skipped"),
            Self::Errored => serializer.serialize_str("errored"),
        }
    }
}

impl<'de> Deserialize<'de> for KeptScore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kept;
        impl<'de> de::Visitor<'de> for Kept {
            type Value = KeptScore;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a score, `skipped` or `errored`")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<KeptScore, E> {
                match word {
                    "skipped" => Ok(KeptScore::Skipped),
                    "errored" => Ok(KeptScore::Errored),
                    other => Err(E::unknown_variant(other, &["skipped", "errored"])),
                }
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<KeptScore, A::Error> {
                let value = items.next_element()?;
                let value = value.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                Ok(KeptScore::Score { value, passed: items.next_element()? })
            }
        }
        deserializer.deserialize_any(Kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_short_and_come_back() {
        let value = Finite::new(0.25).unwrap();
        for (score, text) in [
            (KeptScore::Score { value, passed: None }, "[0.25]"),
            (KeptScore::Score { value, passed: Some(true) }, "[0.25,true]"),
            (KeptScore::Skipped, "\"skipped\""),
            (KeptScore::Errored, "\"errored\""),
        ] {
            assert_eq!(serde_json::to_string(&score).unwrap(), text);
            assert_eq!(serde_json::from_str::<KeptScore>(text).unwrap(), score);
        }
        for wrong in ["[]", "[0.25,true,1]", "[null]", "\"passed\"", "{}"] {
            assert!(serde_json::from_str::<KeptScore>(wrong).is_err(), "{wrong}");
        }
    }
}
