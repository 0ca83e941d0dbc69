//! What a monitor file comes to once it is checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use evalward_core::{Rate, SuiteMetric};
use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};

/// A validated monitor file.
#[derive(Debug)]
pub struct MonitorConfig {
    /// The file it was read from.
    pub path: PathBuf,
    /// Where the monitor listens and what it takes.
    pub server: ServerConfig,
    /// The URL of the store; it may hold a password.
    pub store_url: SecretString,
    /// Which spans of a trace become interactions.
    pub spans: SpanSelection,
    /// Which interactions become samples.
    pub sampling: SamplingConfig,
    /// How samples are evaluated.
    pub evaluation: EvaluationConfig,
    /// The alarms, by their ids.
    pub alarms: Vec<Alarm>,
    /// Where alerts go, by name.
    pub webhooks: Vec<Webhook>,
    /// What is allowed but unwise.
    pub warnings: Vec<String>,
}

/// Where the monitor listens and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether callers need a key.
    pub auth: AuthMode,
    /// The most bytes of a request as it is sent.
    pub max_body_bytes: usize,
    /// The most bytes of a request after decompression.
    pub max_decompressed_bytes: usize,
    /// The most samples that may wait for their evaluation.
    pub max_backlog: u64,
}

/// Whether callers need a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// Every caller needs an API key.
    #[default]
    Keys,
    /// Nobody needs one; on a loopback address only.
    Off,
}

/// Which spans of a trace become interactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanSelection {
    /// Each call of a model.
    #[default]
    Generations,
    /// Each request to the application: spans without a parent.
    Roots,
}

/// Which interactions become samples.
#[derive(Clone, Debug)]
pub struct SamplingConfig {
    /// The probability of ordinary interactions.
    pub base_rate: Rate,
    /// What segments are made of, in this order.
    pub segment_by: Vec<SegmentKey>,
    /// Other probabilities, by the part of a segment, such as `environment=staging`.
    pub segments: BTreeMap<String, Rate>,
    /// What is always sampled.
    pub always: AlwaysSampled,
}

/// What is always sampled.
#[derive(Clone, Debug)]
pub struct AlwaysSampled {
    /// Interactions that the application reports as failed.
    pub errors: bool,
    /// Interactions that a user disliked.
    pub negative_feedback: bool,
    /// Answers that took longer.
    pub slow: Option<Duration>,
    /// Inputs that a regular expression matches, by name.
    pub patterns: Vec<(String, Regex)>,
}

/// A property of an interaction that segments are made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SegmentKey {
    /// The hour of the day in UTC, two digits.
    Hour,
    /// The name of the application.
    Service,
    /// Where the application runs.
    Environment,
    /// The version of the application.
    Version,
    /// The model that answered.
    Model,
    /// An attribute, by its name.
    Attribute(String),
}

/// How samples are evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationConfig {
    /// The name of the suite that the metrics come from.
    pub suite: String,
    /// The metrics.
    pub metrics: Vec<SuiteMetric>,
    /// The most evaluations under way at once.
    pub workers: NonZeroU32,
    /// The attempts after which a sample is parked, if others could be evaluated meanwhile.
    pub max_attempts: NonZeroU32,
    /// How long a worker holds a sample.
    pub lease: Duration,
}

/// A condition that people are told of.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// The name in the file.
    pub id: String,
    /// How bad it is.
    pub severity: AlarmSeverity,
    /// The condition.
    pub kind: AlarmKind,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmSeverity {
    /// Look at it today.
    Medium,
    /// Look at it now.
    High,
}

/// The condition of an alarm.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmKind {
    /// A sample broke a constraint.
    FailedConstraint {
        /// The metrics whose constraints count.
        metrics: Vec<String>,
        /// The alert is resolved when none broke for so long.
        resolve_after: Duration,
    },
    /// A sample stated what its context does not bear out.
    Hallucination {
        /// The metrics that count.
        metrics: Vec<String>,
        /// The alert is resolved when there was no hallucination for so long.
        resolve_after: Duration,
    },
    /// The weighted pass rate is too low.
    PassRate {
        /// It fires when the upper end of the interval is below.
        below: Rate,
        /// The period that the rate is taken over.
        over: Duration,
    },
}

/// An address that alerts are sent to.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The name in the file.
    pub name: String,
    /// The address, which often holds a key.
    pub url: SecretString,
}

/// The words that `segment_by` knows.
const SEGMENT_KEYS: &[&str] =
    &["hour", "service", "environment", "version", "model", "attribute.<name>"];

impl SegmentKey {
    /// Returns the name of the key as files and segments spell it.
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Hour => "hour",
            Self::Service => "service",
            Self::Environment => "environment",
            Self::Version => "version",
            Self::Model => "model",
            Self::Attribute(name) => return format!("attribute.{name}").into(),
        })
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hour" => Self::Hour,
            "service" => Self::Service,
            "environment" => Self::Environment,
            "version" => Self::Version,
            "model" => Self::Model,
            _ => {
                let name = text.strip_prefix("attribute.").filter(|name| !name.is_empty())?;
                Self::Attribute(name.to_owned())
            }
        })
    }
}

impl fmt::Display for SegmentKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.name())
    }
}

impl<'de> Deserialize<'de> for SegmentKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::unknown_variant(&text, SEGMENT_KEYS))
    }
}

impl JsonSchema for SegmentKey {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SegmentKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(hour|service|environment|version|model|attribute\\..+)$",
        })
    }
}
