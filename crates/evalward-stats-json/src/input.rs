//! Reading what a request gives.

use evalward_stats::Level;
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
