//! The table of named rules.

use std::collections::BTreeMap;
use std::fmt;

use evalward_core::{Applicability, Margin, Rules, Scale};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use super::common::Common;

/// The table of `constraints`: a name for each group of rules, and `where` and `gating` as for every metric.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ConstraintsConfig {
    /// The rules by the names that reports show.
    pub named: BTreeMap<String, Spanned<Rules>>,
    /// Where the constraints apply; everywhere by default.
    #[serde(skip)]
    pub applies: Option<Applicability>,
    /// Whether the constraints may fail an example.
    #[serde(skip)]
    pub gating: bool,
    /// The largest loss of the share of rules that hold which does not matter when runs are compared.
    #[serde(skip)]
    pub margin: Option<Spanned<Margin>>,
}

impl ConstraintsConfig {
    pub(crate) const fn common(&self) -> Common<'_> {
        Common {
            threshold: None,
            applies: self.applies.as_ref(),
            gating: self.gating,
            margin: self.margin.as_ref(),
        }
    }

    #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
    pub(crate) const fn scale(&self) -> Scale {
        Scale::FRACTION
    }
}

impl<'de> Deserialize<'de> for ConstraintsConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TableVisitor;

        impl<'de> Visitor<'de> for TableVisitor {
            type Value = ConstraintsConfig;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(
                    "a table of named rules, such as `length = { words = { max = 200 } }`",
                )
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<ConstraintsConfig, A::Error> {
                let mut config = ConstraintsConfig {
                    named: BTreeMap::new(),
                    applies: None,
                    gating: true,
                    margin: None,
                };
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "where" => config.applies = Some(map.next_value()?),
                        "gating" => config.gating = map.next_value()?,
                        "margin" => config.margin = Some(map.next_value()?),
                        "threshold" => {
                            return Err(de::Error::custom(
                                "constraints take no `threshold`: each rule must hold",
                            ));
                        }
                        _ => {
                            config.named.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(config)
            }
        }

        deserializer.deserialize_map(TableVisitor)
    }
}

impl JsonSchema for ConstraintsConfig {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ConstraintsConfig".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rules = generator.subschema_for::<Rules>();
        let applies = generator.subschema_for::<Applicability>();
        let margin = generator.subschema_for::<Margin>();
        json_schema!({
            "type": "object",
            "description": "Named groups of rules; `where` says where they apply, `gating = false` makes them report only, `margin` is the largest loss that does not matter when runs are compared.",
            "properties": {"where": applies, "gating": {"type": "boolean", "default": true}, "margin": margin},
            "additionalProperties": rules,
        })
    }
}
