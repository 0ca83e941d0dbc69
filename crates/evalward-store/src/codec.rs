//! How the words of the vocabulary are written in columns.

use evalward_core::{Example, InteractionId, Outcome, OutcomeKind, Partition, Rate, Thumb};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::value::{Row, corrupt, without_nul};
use crate::{StoreError, StoredEvaluation};

/// The most bytes of a text that an index holds; PostgreSQL allows about 2,700 for all columns of one together.
const MAX_INDEXED: usize = 400;

/// Gives an enum the names that it is stored under.
macro_rules! names {
    ($type:ty, $what:literal, $($variant:ident = $name:literal),*) => {
        impl $type {
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            pub(crate) fn from_name(name: &str) -> Result<Self, $crate::StoreError> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    other => Err($crate::value::corrupt($what, &format!("unknown word `{other}`"))),
                }
            }
        }
    };
}
pub(crate) use names;

/// Cuts a text that is part of a key, since an index cannot hold any length.
pub(crate) fn indexed(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_INDEXED.min(text.len()));
    without_nul(text.get(..end).unwrap_or(text).to_owned())
}

pub(crate) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| corrupt(what, &error))
}

pub(crate) fn from_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| corrupt(what, &error))
}

/// An example with its partition, which its own JSON does not tell.
#[derive(Serialize, Deserialize)]
struct InPartition<T> {
    partition: Partition,
    example: T,
}

pub(crate) fn example_to_json(example: &Example) -> Result<String, StoreError> {
    to_json("example", &InPartition { partition: example.partition, example })
}

pub(crate) fn example_from_json(text: &str) -> Result<Example, StoreError> {
    let InPartition { partition, example } = from_json("example", text)?;
    Ok(Example { partition, ..example })
}

pub(crate) const fn thumb_name(thumb: Thumb) -> &'static str {
    match thumb {
        Thumb::Up => "up",
        Thumb::Down => "down",
    }
}

pub(crate) fn thumb_from(name: &str) -> Result<Thumb, StoreError> {
    match name {
        "up" => Ok(Thumb::Up),
        "down" => Ok(Thumb::Down),
        other => Err(corrupt("thumb", &format!("unknown word `{other}`"))),
    }
}

pub(crate) fn rate(row: &Row, column: &'static str) -> Result<Rate, StoreError> {
    let value = row.real(column)?;
    Rate::new(value).ok_or_else(|| corrupt(column, &format!("`{value}` is not a share")))
}

pub(crate) fn interaction_id(row: &Row, column: &'static str) -> Result<InteractionId, StoreError> {
    InteractionId::new(row.text(column)?).map_err(|error| corrupt(column, &error))
}

pub(crate) const fn outcome_name(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Passed => "passed",
        OutcomeKind::Failed => "failed",
        OutcomeKind::Errored => "errored",
        OutcomeKind::Skipped => "skipped",
    }
}

pub(crate) fn outcome_from(name: &str) -> Result<OutcomeKind, StoreError> {
    match name {
        "passed" => Ok(OutcomeKind::Passed),
        "failed" => Ok(OutcomeKind::Failed),
        "errored" => Ok(OutcomeKind::Errored),
        "skipped" => Ok(OutcomeKind::Skipped),
        other => Err(corrupt("outcome", &format!("unknown word `{other}`"))),
    }
}

/// Returns the reasons, as JSON, and the cause of an outcome.
pub(crate) fn outcome_details(outcome: &Outcome) -> Result<(String, Option<&str>), StoreError> {
    Ok(match outcome {
        Outcome::Passed => ("[]".to_owned(), None),
        Outcome::Failed(reasons) => (to_json("reasons", reasons)?, None),
        Outcome::Errored(cause) | Outcome::Skipped(cause) => ("[]".to_owned(), Some(cause)),
    })
}

/// Reads the columns of `samples`, where the row has some.
pub(crate) fn evaluation(row: &Row) -> Result<Option<StoredEvaluation>, StoreError> {
    let Some(kind) = row.optional_text("outcome")? else { return Ok(None) };
    let cause = row.optional_text("cause")?.unwrap_or_default();
    let outcome = match outcome_from(&kind)? {
        OutcomeKind::Passed => Outcome::Passed,
        OutcomeKind::Failed => Outcome::Failed(from_json("reasons", &row.text("reasons")?)?),
        OutcomeKind::Errored => Outcome::Errored(cause),
        OutcomeKind::Skipped => Outcome::Skipped(cause),
    };
    Ok(Some(StoredEvaluation {
        outcome,
        scores: from_json("scores", &row.text("scores")?)?,
        evaluator: row.text("evaluator")?,
        evaluated_at: row.moment("evaluated_at")?,
    }))
}
