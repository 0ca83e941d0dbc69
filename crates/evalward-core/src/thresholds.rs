//! Where a score becomes good enough.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Finite, Partition};

/// The value that a score must reach, by partition; without one the metric only reports.
///
/// In a file it is one number for all partitions or a table with the names of partitions and `default`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thresholds {
    default: Option<Finite>,
    by_partition: BTreeMap<Partition, Finite>,
}

impl Thresholds {
    /// Makes one threshold for all partitions.
    pub const fn everywhere(threshold: Finite) -> Self {
        Self { default: Some(threshold), by_partition: BTreeMap::new() }
    }

    /// Sets the threshold of one partition.
    #[must_use]
    pub fn with(mut self, partition: Partition, threshold: Finite) -> Self {
        self.by_partition.insert(partition, threshold);
        self
    }

    /// Returns the threshold of a partition.
    pub fn of(&self, partition: Partition) -> Option<Finite> {
        self.by_partition.get(&partition).copied().or(self.default)
    }

    /// Iterates over all thresholds that are set.
    pub fn iter(&self) -> impl Iterator<Item = Finite> {
        self.default.into_iter().chain(self.by_partition.values().copied())
    }

    /// Returns whether no threshold is set.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

const KEYS: &[&str] = &["golden", "regression", "adversarial", "distribution", "default"];

impl Serialize for Thresholds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named = self.by_partition.iter().map(|(partition, value)| (partition.name(), *value));
        serializer.collect_map(named.chain(self.default.map(|value| ("default", value))))
    }
}

impl<'de> Deserialize<'de> for Thresholds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ThresholdVisitor;

        impl<'de> Visitor<'de> for ThresholdVisitor {
            type Value = Thresholds;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter
                    .write_str("a number, or a table such as `{ golden = 0.9, default = 0.8 }`")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Thresholds, E> {
                Finite::new(value).map(Thresholds::everywhere).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Thresholds, E> {
                of_digits(&value.to_string())
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Thresholds, E> {
                of_digits(&value.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Thresholds, A::Error> {
                let mut thresholds = Thresholds::default();
                while let Some(ThresholdKey(partition)) = map.next_key()? {
                    let value = map.next_value()?;
                    match partition {
                        Some(partition) => drop(thresholds.by_partition.insert(partition, value)),
                        None => thresholds.default = Some(value),
                    }
                }
                Ok(thresholds)
            }
        }

        deserializer.deserialize_any(ThresholdVisitor)
    }
}

/// Takes a whole number by its digits, so that it is rounded as any other text is.
fn of_digits<E: de::Error>(digits: &str) -> Result<Thresholds, E> {
    let value = digits.parse::<f64>().map_err(E::custom)?;
    Finite::new(value).map(Thresholds::everywhere).map_err(E::custom)
}

/// A key of the table; read by itself, so that an unknown one is reported at its own place.
struct ThresholdKey(Option<Partition>);

impl<'de> Deserialize<'de> for ThresholdKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        match key.as_str() {
            "default" => Ok(Self(None)),
            name => name
                .parse()
                .map(|partition| Self(Some(partition)))
                .map_err(|_| de::Error::unknown_field(name, KEYS)),
        }
    }
}

impl JsonSchema for Thresholds {
    fn schema_name() -> Cow<'static, str> {
        "Thresholds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One number for all partitions, or a table by partition with `default` for the rest.",
            "anyOf": [
                {"type": "number"},
                {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "golden": {"type": "number"},
                        "regression": {"type": "number"},
                        "adversarial": {"type": "number"},
                        "distribution": {"type": "number"},
                        "default": {"type": "number"},
                    },
                },
            ],
        })
    }
}
