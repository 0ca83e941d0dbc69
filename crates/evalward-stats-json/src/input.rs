//! Reading what a request gives.

use std::cmp::Ordering;

use evalward_stats::{Level, StatsError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::failure::Failure;

/// Numbers of an array; `null` stands for NaN, which the functions refuse or take for missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(pub(crate) Vec<f64>);

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(Self(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
    }
}

/// Labels of an array, numbers or texts, counted from 0 in their order: numbers by size, then texts by their letters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels(pub(crate) Vec<usize>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Number(f64),
    Text(String),
}

impl Label {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let labels = Vec::<Label>::deserialize(deserializer)?;
        let mut known: Vec<&Label> = labels.iter().collect();
        known.sort_unstable_by(|left, right| left.order(right));
        known.dedup_by(|left, right| left.order(right).is_eq());
        let index = |label: &Label| known.partition_point(|other| other.order(label).is_lt());
        Ok(Self(labels.iter().map(index).collect()))
    }
}

/// Reads the input of a function.
pub(crate) fn read<T: DeserializeOwned>(input: Value) -> Result<T, Failure> {
    serde_json::from_value(input)
        .map_err(|error| Failure::BadRequest(format!("read the input: {error}")))
}

/// Writes the result of a function.
pub(crate) fn write(result: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(result)
        .map_err(|error| Failure::BadRequest(format!("write the result: {error}")))
}

/// Checks a confidence such as 0.95.
pub(crate) fn level(confidence: f64) -> Result<Level, Failure> {
    Ok(Level::new(confidence)?)
}

/// Takes the text that says which variant of a function is asked for out of its input.
pub(crate) fn read_kind(mut input: Value, key: &str) -> Result<(String, Value), Failure> {
    let kind = input.as_object_mut().and_then(|fields| fields.remove(key));
    match kind {
        Some(Value::String(kind)) => Ok((kind, input)),
        _ => Err(Failure::BadRequest(format!("read the input: `{key}` must be a text"))),
    }
}

/// Reads a single number; `null` stands for NaN, which the functions refuse.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

/// Takes the numbers of an array for counts.
pub(crate) fn wholes(argument: &'static str, numbers: &[f64]) -> Result<Vec<u64>, Failure> {
    if let Some(index) = numbers.iter().position(|number| !number.is_finite()) {
        return Err(StatsError::NotFinite { argument, index }.into());
    }
    numbers.iter().map(|number| whole(argument, *number)).collect()
}

/// Takes a number for a count.
pub(crate) fn whole(argument: &'static str, number: f64) -> Result<u64, Failure> {
    // A whole number prints without a fraction, so its text is that of the count.
    number.to_string().parse().map_err(|_| {
        let expected = "a whole number that is not negative";
        Failure::Statistic(StatsError::OutOfDomain { argument, value: number, expected })
    })
}
