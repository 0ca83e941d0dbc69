//! Reading what a request gives.

use std::cmp::Ordering;

use evalward_stats::{Level, StatsError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Number, Value};

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
pub(crate) struct Labels {
    places: Vec<usize>,
    /// The first label that is missing.
    missing: Option<usize>,
}

impl Labels {
    /// Returns the place of each label.
    pub(crate) fn places(&self, argument: &'static str) -> Result<&[usize], StatsError> {
        match self.missing {
            Some(index) => Err(StatsError::NotFinite { argument, index }),
            None => Ok(&self.places),
        }
    }
}

/// Rows of places in a sample; what cannot be one, such as a negative number, stands for a place that no sample has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows(pub(crate) Vec<Vec<usize>>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = |number: Option<Number>| {
            let place = number.as_ref().and_then(Number::as_u64);
            place.and_then(|place| usize::try_from(place).ok()).unwrap_or(usize::MAX)
        };
        let rows = Vec::<Vec<Option<Number>>>::deserialize(deserializer)?;
        Ok(Self(rows.into_iter().map(|row| row.into_iter().map(place).collect()).collect()))
    }
}

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
        let labels = Vec::<Option<Label>>::deserialize(deserializer)?;
        let missing = labels.iter().position(Option::is_none);
        let labels: Vec<Label> = labels.into_iter().flatten().collect();
        let mut known: Vec<&Label> = labels.iter().collect();
        known.sort_unstable_by(|left, right| left.order(right));
        known.dedup_by(|left, right| left.order(right).is_eq());
        let index = |label: &Label| known.partition_point(|other| other.order(label).is_lt());
        Ok(Self { places: labels.iter().map(index).collect(), missing })
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
