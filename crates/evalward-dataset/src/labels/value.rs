//! What a person says of an answer and of its claims.

use std::fmt;

use evalward_core::{ClaimLabel, Finite};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What a person says of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LabelValue {
    /// Whether it is good.
    YesOrNo(bool),
    /// A rating on a scale.
    Rating(Finite),
}

/// What a person says of one claim of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledClaim {
    /// The words of the answer.
    pub claim: String,
    /// Whether the context bears it out.
    pub label: ClaimLabel,
}

impl LabelValue {
    /// Returns whether it is a rating on a scale.
    pub const fn is_rating(self) -> bool {
        matches!(self, Self::Rating(_))
    }

    /// Returns it as a number: 1 for `true` and 0 for `false`.
    pub fn number(self) -> Finite {
        match self {
            Self::YesOrNo(is_good) => is_good.into(),
            Self::Rating(rating) => rating,
        }
    }

    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::YesOrNo(_) => "`true` or `false`",
            Self::Rating(_) => "a number",
        }
    }
}

impl<'de> Deserialize<'de> for LabelValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LabelVisitor;

        impl Visitor<'_> for LabelVisitor {
            type Value = LabelValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number, `true` or `false`")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<LabelValue, E> {
                Ok(LabelValue::YesOrNo(value))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<LabelValue, E> {
                Finite::new(value).map(LabelValue::Rating).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<LabelValue, E> {
                let small =
                    i32::try_from(value).map_err(|_| E::custom("the label is out of range"))?;
                self.visit_f64(f64::from(small))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<LabelValue, E> {
                let small =
                    u32::try_from(value).map_err(|_| E::custom("the label is out of range"))?;
                self.visit_f64(f64::from(small))
            }
        }

        deserializer.deserialize_any(LabelVisitor)
    }
}
