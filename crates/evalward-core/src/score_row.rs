//! A row of a run without its texts.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, de};

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
    /// Whether the trial was made to confirm a failure.
    #[serde(default)]
    pub confirms: bool,
    /// Whether the run stopped before the example was evaluated.
    #[serde(default)]
    pub unfinished: bool,
    /// The example's cluster.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, ScoreCell>,
    /// The number of characters of the answer, where there is one.
    #[serde(default, rename = "response", deserialize_with = "length_of_output")]
    pub output_length: Option<u32>,
}

/// The part of a response that is measured: its length, counted where it lies, so that no text is copied.
#[derive(Deserialize)]
struct Answer {
    output: Characters,
}

struct Characters(u32);

impl Characters {
    fn of(text: &str) -> Self {
        Self(u32::try_from(text.chars().count()).unwrap_or(u32::MAX))
    }
}

impl<'de> Deserialize<'de> for Characters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl Visitor<'_> for Count {
            type Value = Characters;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Characters, E> {
                Ok(Characters::of(text))
            }
        }
        deserializer.deserialize_str(Count)
    }
}

fn length_of_output<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(Option::<Answer>::deserialize(deserializer)?.map(|answer| answer.output.0))
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
    Skipped(de::IgnoredAny),
    /// The metric could not be computed.
    Errored(de::IgnoredAny),
}

impl From<&Measurement> for ScoreCell {
    fn from(measurement: &Measurement) -> Self {
        match measurement {
            Measurement::Score(score) => {
                Self::Score { value: score.value, scale: score.scale, passed: score.passed }
            }
            Measurement::Skipped(_) => Self::Skipped(de::IgnoredAny),
            Measurement::Errored(_) => Self::Errored(de::IgnoredAny),
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
            confirms: trial.confirms,
            unfinished: trial.unfinished,
            cluster: trial.cluster.clone(),
            scores: trial.scores.iter().map(|(id, score)| (id.clone(), score.into())).collect(),
            output_length: trial
                .response
                .as_ref()
                .map(|response| Characters::of(&response.output).0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Example, Outcome, Response, Score, Timestamp};

    #[test]
    fn the_line_of_a_trial_reads_as_its_row() {
        let example = Example::new("a-1", Partition::Golden);
        let mut trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
        trial.scores.insert("ok".to_owned(), Measurement::Score(Score::yes_or_no(true)));
        trial.scores.insert("no".to_owned(), Measurement::Skipped("does not apply".to_owned()));
        trial.response = Some(Response::from_text("\u{fc}ber \"alles\""));
        let line = serde_json::to_string(&trial).unwrap();
        let row = serde_json::from_str::<ScoreRow>(&line).unwrap();
        assert_eq!(row, ScoreRow::from(&trial));
        assert_eq!(row.output_length, Some(12));
    }
}
