//! The rule that turns a run into an exit code.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Finite, Partition};

/// What a partition must reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatePolicy {
    /// The share of evaluated examples that must pass. 1.0 is an exact count: any failure blocks. Below 1.0 the lower end of
    /// the 95 % Clopper-Pearson interval must reach it.
    pub pass_rate: Rate,
    /// What happens when the interval lies on both sides of `pass_rate`: `fail` (exit 4) or `warn`.
    #[serde(default)]
    pub on_inconclusive: OnInconclusive,
    /// The share of examples that may be errored before the run counts as incomplete (exit 3).
    #[serde(default)]
    pub max_errored: Rate,
}

/// What an inconclusive gate does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnInconclusive {
    /// Exit 4: for releases.
    #[default]
    Fail,
    /// A warning: for pull requests.
    Warn,
}

impl GatePolicy {
    /// Any failure blocks and no example may be errored.
    pub const STRICT: Self = Self {
        pass_rate: Rate::ONE,
        on_inconclusive: OnInconclusive::Fail,
        max_errored: Rate::ZERO,
    };

    /// Returns the gate that a partition has when its suite declares none: golden and regression must pass whole.
    pub const fn default_of(partition: Partition) -> Option<Self> {
        match partition {
            Partition::Golden | Partition::Regression => Some(Self::STRICT),
            Partition::Adversarial | Partition::Distribution => None,
        }
    }
}

/// A share between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Rate(Finite);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(Finite::ZERO);
    /// Everything.
    pub const ONE: Self = Self(Finite::ONE);

    /// Returns the share if it lies between 0 and 1.
    pub fn new(value: f64) -> Option<Self> {
        Finite::new(value)
            .ok()
            .filter(|value| (Finite::ZERO..=Finite::ONE).contains(value))
            .map(Self)
    }

    /// Returns the plain number.
    pub const fn get(self) -> f64 {
        self.0.get()
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| {
            de::Error::custom(format_args!("`{value}` is not a share: write a number from 0 to 1"))
        })
    }
}

impl JsonSchema for Rate {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "minimum": 0, "maximum": 1})
    }
}
