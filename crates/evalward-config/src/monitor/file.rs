//! The tables of a monitor file. The comments here are its reference manual: `evalward schema monitor` prints them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::Rate;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{AlarmSeverity, AuthMode, SegmentKey, SpanSelection};
use crate::{ByteSize, Seconds, Secret};

/// The configuration of `evalward-monitor`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "evalward monitor")]
pub(crate) struct MonitorFile {
    /// Another monitor file that this one builds on; keys given here win.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "layers read the key and take it away; here it is for the schema"
    )]
    pub(super) extends: Option<String>,
    /// Where the monitor listens and what it takes.
    #[serde(default)]
    pub(super) server: ServerTable,
    /// Where everything is kept.
    #[serde(default)]
    pub(super) store: StoreTable,
    /// What becomes an interaction.
    #[serde(default)]
    pub(super) ingest: IngestTable,
    /// Which interactions become samples.
    #[serde(default)]
    pub(super) sampling: SamplingTable,
    /// How samples are evaluated.
    pub(super) evaluate: EvaluateTable,
    /// Conditions that people are told of, each as one table that names its kind: `[alarms.quality.pass_rate]`. That a
    /// pattern recurred is always told.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, AlarmTable>")]
    pub(super) alarms: BTreeMap<String, Spanned<AlarmTable>>,
    /// Where alerts go, each as one table that names its kind: `[notify.ops.webhook]`.
    #[serde(default)]
    pub(super) notify: BTreeMap<String, NotifyTable>,
}

/// Where the monitor listens and what it takes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ServerTable {
    /// The address and port; `127.0.0.1:4318` by default. Port 0 takes a free one and prints it.
    #[schemars(with = "Option<String>")]
    pub(super) listen: Option<Spanned<String>>,
    /// Whether callers need an API key: `keys`, the default, or `off`, on a loopback address only.
    #[schemars(with = "Option<AuthMode>")]
    pub(super) auth: Option<Spanned<AuthMode>>,
    /// The most bytes of a request as it is sent; `16MiB` by default.
    pub(super) max_body: Option<ByteSize>,
    /// The most bytes of a request after decompression; `64MiB` by default.
    pub(super) max_decompressed: Option<ByteSize>,
    /// The most samples that may wait for their evaluation; 100000 by default. Beyond it senders are told to come back later.
    pub(super) max_backlog: Option<NonZeroU32>,
}

/// Where everything is kept.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoreTable {
    /// `sqlite://PATH`, relative to this file, or `postgres://…`; `sqlite://evalward.db` by default. `EVALWARD_DATABASE_URL`
    /// wins over it.
    #[schemars(with = "Option<Secret>")]
    pub(super) url: Option<Spanned<Secret>>,
}

/// What becomes an interaction.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct IngestTable {
    /// Which spans of a trace become interactions: `generations`, the default, or `roots`.
    pub(super) spans: SpanSelection,
}

/// Which interactions become samples.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SamplingTable {
    /// The probability with which an ordinary interaction becomes a sample; 0.05 by default.
    #[schemars(with = "Option<Rate>")]
    pub(super) base_rate: Option<Spanned<Rate>>,
    /// What segments are made of: `hour`, `service`, `environment`, `version`, `model`, `attribute.<name>`; `["hour"]` by
    /// default. Each combination of values has windows of its own, so take properties with few values.
    #[schemars(with = "Option<Vec<SegmentKey>>")]
    pub(super) segment_by: Option<Spanned<Vec<SegmentKey>>>,
    /// Other probabilities for parts of segments, such as `"environment=staging" = 0.0`. Where several match, the one whose
    /// key comes first in `segment_by` counts.
    #[schemars(with = "BTreeMap<String, Rate>")]
    pub(super) segments: BTreeMap<Spanned<String>, Rate>,
    /// What is always sampled.
    pub(super) always: AlwaysTable,
}

/// What is always sampled.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AlwaysTable {
    /// Interactions that the application reports as failed; true by default.
    pub(super) errors: Option<bool>,
    /// Interactions that a user disliked; true by default.
    pub(super) negative_feedback: Option<bool>,
    /// Answers that took longer, such as `10s`; none by default.
    pub(super) slow: Option<Seconds>,
    /// Inputs that a regular expression matches, by name; the syntax is that of the Rust crate `regex`.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) patterns: BTreeMap<String, Spanned<String>>,
}

/// How samples are evaluated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvaluateTable {
    /// The suite whose metrics evaluate samples: a file, relative to this one.
    #[schemars(with = "String")]
    pub(super) suite: Spanned<String>,
    /// The ids of the metrics to take; by default all that can apply to an interaction.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) metrics: Option<Spanned<Vec<Spanned<String>>>>,
    /// The most evaluations under way at once; 2 by default.
    #[serde(default)]
    pub(super) workers: Option<NonZeroU32>,
    /// The attempts after which a sample that could not be evaluated is parked, if others could be meanwhile; 5 by default.
    #[serde(default)]
    pub(super) max_attempts: Option<NonZeroU32>,
    /// How long a worker holds a sample; 60s by default. One evaluation may take half of it.
    #[serde(default)]
    #[schemars(with = "Option<Seconds>")]
    pub(super) lease: Option<Spanned<Seconds>>,
}

/// An alarm, by its kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum AlarmTable {
    /// Fires when a sample breaks a constraint, once for each constraint.
    FailedConstraint(FailedConstraintTable),
    /// Fires when a sample states what its context does not bear out.
    Hallucination(HallucinationAlarmTable),
    /// Fires when the weighted pass rate is too low.
    PassRate(PassRateTable),
}

/// Fires when a sample states what its context does not bear out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct HallucinationAlarmTable {
    /// The metrics that count; by default all of kind `hallucination` that are evaluated.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) metrics: Option<Spanned<Vec<Spanned<String>>>>,
    /// How bad it is: `medium` or `high`, the default.
    pub(super) severity: Option<AlarmSeverity>,
    /// The alert is resolved when there was no hallucination for so long; `15m` by default.
    pub(super) resolve_after: Option<Seconds>,
}

/// Fires when a sample breaks a constraint, once for each constraint.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FailedConstraintTable {
    /// The metrics whose constraints count; by default all of kind `constraints` that are evaluated.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) metrics: Option<Spanned<Vec<Spanned<String>>>>,
    /// How bad it is: `medium`, the default, or `high`.
    pub(super) severity: Option<AlarmSeverity>,
    /// The alert is resolved when the constraint did not break for so long; `15m` by default.
    pub(super) resolve_after: Option<Seconds>,
}

/// Fires when the weighted pass rate is too low.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassRateTable {
    /// The alert fires when the upper end of the 95 % interval is below this.
    #[schemars(with = "Rate")]
    pub(super) below: Spanned<Rate>,
    /// The period that the rate is taken over, which slides by the minute; `60m` by default.
    #[serde(default)]
    #[schemars(with = "Option<Seconds>")]
    pub(super) over: Option<Spanned<Seconds>>,
    /// How bad it is: `medium` or `high`, the default.
    #[serde(default)]
    pub(super) severity: Option<AlarmSeverity>,
}

/// Where alerts go, by its kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum NotifyTable {
    /// A POST with a JSON body, repeated until it is taken.
    Webhook(WebhookTable),
}

/// A POST with a JSON body, repeated until it is taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookTable {
    /// The address, which often holds a key.
    #[schemars(with = "Secret")]
    pub(super) url: Spanned<Secret>,
}
