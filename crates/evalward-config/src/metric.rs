//! The metric tables of a suite file.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;

use evalward_core::{Applicability, Margin, ReasonKind, Rules, Scale, Thresholds};
use evalward_metrics::Normalization;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use crate::{Seconds, Secret};

/// A metric, by its kind.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricConfig {
    /// 1 where the output equals a right answer, else 0.
    ExactMatch(ExactMatchConfig),
    /// The overlap of words with the nearest right answer, as in SQuAD.
    TokenF1(TokenF1Config),
    /// 1 where the output contains the given texts, or a right answer, else 0.
    Contains(ContainsConfig),
    /// 1 where a regular expression matches somewhere in the output, else 0.
    Regex(RegexConfig),
    /// Named yes/no rules on the output; the score is the share that hold.
    Constraints(ConstraintsConfig),
    /// The team's own program, over JSON lines.
    Command(CommandMetricConfig),
}

impl MetricConfig {
    /// Returns the name of the kind as files spell it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ExactMatch(_) => "exact_match",
            Self::TokenF1(_) => "token_f1",
            Self::Contains(_) => "contains",
            Self::Regex(_) => "regex",
            Self::Constraints(_) => "constraints",
            Self::Command(_) => "command",
        }
    }

    /// Returns the scale of the scores.
    pub const fn scale(&self) -> Scale {
        match self {
            Self::Command(config) => config.scale,
            Self::ExactMatch(_)
            | Self::TokenF1(_)
            | Self::Contains(_)
            | Self::Regex(_)
            | Self::Constraints(_) => Scale::FRACTION,
        }
    }

    /// Returns what every metric has.
    pub const fn common(&self) -> Common<'_> {
        match self {
            Self::ExactMatch(config) => config.common(),
            Self::TokenF1(config) => config.common(),
            Self::Contains(config) => config.common(),
            Self::Regex(config) => config.common(),
            Self::Constraints(config) => Common {
                threshold: None,
                applies: config.applies.as_ref(),
                gating: config.gating,
                margin: config.margin.as_ref(),
            },
            Self::Command(config) => config.common(),
        }
    }
}

/// What every metric has.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    /// The values that decide.
    pub threshold: Option<&'a Spanned<Thresholds>>,
    /// Where the metric applies.
    pub applies: Option<&'a Applicability>,
    /// Whether it may fail an example.
    pub gating: bool,
    /// The largest loss that does not matter when runs are compared.
    pub margin: Option<&'a Spanned<Margin>>,
}

const fn fraction() -> Scale {
    Scale::FRACTION
}

const fn yes() -> bool {
    true
}

/// Declares the table of a metric: its own keys, and those that every metric has.
macro_rules! metric_table {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The value that a score must reach: a number, or a table by partition with `default`.
            #[serde(default, skip_serializing)]
            #[schemars(with = "Option<Thresholds>")]
            pub threshold: Option<Spanned<Thresholds>>,
            /// Where the metric applies; everywhere by default.
            #[serde(default, rename = "where", skip_serializing)]
            pub applies: Option<Applicability>,
            /// Whether the metric may fail an example; `false` makes it report only.
            #[serde(default = "yes", skip_serializing)]
            pub gating: bool,
            /// The largest loss that does not matter when runs are compared, in the units of the scores.
            #[serde(default, skip_serializing)]
            #[schemars(with = "Option<Margin>")]
            pub margin: Option<Spanned<Margin>>,
        }

        impl $name {
            const fn common(&self) -> Common<'_> {
                Common {
                    threshold: self.threshold.as_ref(),
                    applies: self.applies.as_ref(),
                    gating: self.gating,
                    margin: self.margin.as_ref(),
                }
            }
        }
    };
}

metric_table! {
    /// The table of `exact_match`.
    ExactMatchConfig {
        /// How texts are normalised before they are compared; `raw` by default.
        #[serde(default)]
        normalization: NormalizationConfig,
    }
}

metric_table! {
    /// The table of `token_f1`.
    TokenF1Config {
        /// How texts are normalised before they are split into words; `squad` by default.
        #[serde(default = "NormalizationConfig::squad")]
        normalization: NormalizationConfig,
    }
}

metric_table! {
    /// The table of `contains`.
    ContainsConfig {
        /// The texts that must all occur; without any, one of the example's right answers must occur.
        #[serde(default)]
        texts: Option<Vec<String>>,
        /// Compares letter by letter; by default case is folded.
        #[serde(default)]
        case_sensitive: bool,
        /// Lets texts match only between word boundaries.
        #[serde(default)]
        word_bounded: bool,
    }
}

metric_table! {
    /// The table of `regex`.
    RegexConfig {
        /// The regular expression, in the syntax of the Rust crate `regex`.
        #[schemars(with = "String")]
        pattern: Spanned<String>,
    }
}

metric_table! {
    /// The table of `command`: `{"id","input","output",…}` a line in, `{"id","score"}` a line out.
    ///
    /// Without a `threshold` the program decides: each answer must say `passed`.
    CommandMetricConfig {
        /// The program and its arguments.
        #[schemars(with = "Vec<String>")]
        command: Spanned<Vec<String>>,
        /// The folder to run in; the folder of this file by default.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        cwd: Option<Spanned<String>>,
        /// Environment variables; their values are secrets.
        #[serde(default)]
        #[schemars(with = "BTreeMap<String, Secret>")]
        env: BTreeMap<String, Spanned<Secret>>,
        /// The number of programs that run at once; 1 by default.
        #[serde(default, skip_serializing)]
        workers: Option<NonZeroU32>,
        /// What the program's word is worth: `judge`, `hallucination` or `semantic_similarity` where it may change from one
        /// trial to the next, so that a gate can confirm its failures; `metric` by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ReasonKind>,
        /// The scale of the scores; from 0 to 1 by default.
        #[serde(default = "fraction")]
        scale: Scale,
        /// The longest wait for an answer; 60s by default.
        #[serde(default, skip_serializing)]
        timeout: Option<Seconds>,
        /// The longest wait for a worker's first answer; 120s by default.
        #[serde(default, skip_serializing)]
        start_timeout: Option<Seconds>,
    }
}

/// How texts are normalised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NormalizationConfig {
    /// Not at all.
    #[default]
    Raw,
    /// Lower case, no punctuation, no articles, single spaces, as in SQuAD's evaluation script.
    Squad,
}

impl NormalizationConfig {
    const fn squad() -> Self {
        Self::Squad
    }
}

impl From<NormalizationConfig> for Normalization {
    fn from(config: NormalizationConfig) -> Self {
        match config {
            NormalizationConfig::Raw => Self::Raw,
            NormalizationConfig::Squad => Self::Squad,
        }
    }
}

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
