//! The rule that turns a run into an exit code.

use std::borrow::Cow;
use std::num::NonZeroU32;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Finite, Partition};

/// What a partition must reach: a rate, no less than a baseline, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatePolicy {
    /// The share of evaluated examples that must pass. 1.0 is an exact count: any failure blocks. Below 1.0 the lower end of
    /// the 95 % Clopper-Pearson interval must reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<Rate>,
    /// The baseline that the partition must not be worse than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_worse_than: Option<NoWorseThan>,
    /// The number of trials, the first included, by whose majority a failure of a judge or of similarity is confirmed or
    /// overturned. A rule's failure counts at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmations>,
    /// Whether each metric with a judge that may fail an example needs a calibration of its present version that did not find the
    /// judge weak; without one nothing is decided (exit 3). `evalward judge calibrate --write` makes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_calibration: bool,
    /// How many days old such a calibration may be; 90 by default. An older one is a warning where none is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_calibration_age_days: Option<NonZeroU32>,
    /// What happens when the interval lies on both sides of the bound: `fail` (exit 4) or `warn`.
    #[serde(default)]
    pub on_inconclusive: OnInconclusive,
    /// The share of examples that may be errored before the run counts as incomplete (exit 3).
    #[serde(default)]
    pub max_errored: Rate,
}

/// A bar that an earlier run set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoWorseThan {
    /// The file of the baseline, relative to this file; `evalward baseline set` writes it.
    pub baseline: String,
    /// The largest loss that does not matter: of the pass rate, or in the units of the metric's scores.
    pub margin: Margin,
    /// The metric whose scores are compared; the pass rate by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
}

/// A number of trials that can have a majority: odd, from 3 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Confirmations(NonZeroU32);

impl Confirmations {
    /// Returns the number if it is odd and between 3 and 99.
    pub fn new(trials: u32) -> Option<Self> {
        NonZeroU32::new(trials)
            .filter(|trials| trials.get() % 2 == 1 && (3..=99).contains(&trials.get()))
            .map(Self)
    }

    /// Returns the plain number.
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// Returns the number of trials that is more than half.
    pub const fn majority(self) -> u32 {
        self.0.get() / 2 + 1
    }
}

impl<'de> Deserialize<'de> for Confirmations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u32::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| {
            de::Error::custom(format_args!(
                "`{value}` trials cannot decide by majority: write an odd number from 3 to 99"
            ))
        })
    }
}

impl JsonSchema for Confirmations {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Confirmations".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 3, "maximum": 99, "not": {"multipleOf": 2}})
    }
}

/// The largest loss that does not matter, in the units of the scores; above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Margin(Finite);

impl Margin {
    /// Returns the margin if it is above 0 and finite.
    pub fn new(value: f64) -> Option<Self> {
        Finite::new(value).ok().filter(|value| *value > Finite::ZERO).map(Self)
    }

    /// Returns the plain number.
    pub const fn get(self) -> f64 {
        self.0.get()
    }
}

impl<'de> Deserialize<'de> for Margin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| {
            de::Error::custom(format_args!("`{value}` is no margin: write a number above 0"))
        })
    }
}

impl JsonSchema for Margin {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Margin".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "exclusiveMinimum": 0})
    }
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
        pass_rate: Some(Rate::ONE),
        no_worse_than: None,
        confirm: None,
        require_calibration: false,
        max_calibration_age_days: None,
        on_inconclusive: OnInconclusive::Fail,
        max_errored: Rate::ZERO,
    };

    /// How many days old a calibration may be where a gate does not say.
    pub const MAX_CALIBRATION_AGE_DAYS: NonZeroU32 =
        NonZeroU32::new(90).expect("ninety is not zero");

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
