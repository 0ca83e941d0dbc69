//! What a run was made of.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Digest, GatePolicy, Margin, Partition, RunId, Selection, Timestamp};

/// All versions, hashes and settings of a run; with the rows, it is all that a report needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunManifest {
    /// The version of the run folder's format.
    pub format: u32,
    /// The run's name.
    pub run_id: RunId,
    /// The version of evalward.
    pub tool_version: String,
    /// When the run started.
    pub started_at: Timestamp,
    /// The suite.
    pub suite: SuiteStamp,
    /// The dataset.
    pub dataset: DatasetStamp,
    /// The subject.
    pub subject: SubjectStamp,
    /// The metrics by their ids in the suite.
    pub metrics: BTreeMap<String, MetricStamp>,
    /// The gates by partition.
    pub gates: BTreeMap<Partition, GatePolicy>,
    /// The baselines that gates name, by their paths there; a baseline that was not there is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub baselines: BTreeMap<String, BaselineStamp>,
    /// The run whose answers were scored anew; absent where the subject was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescored_from: Option<RunId>,
    /// How many answers of each judged metric are judged again, changed; absent where no judge is probed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes: Option<NonZeroU32>,
    /// The runs that this one was put together from, which are its shards; empty where it was run as one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<RunId>,
    /// The calibrations of judged metrics, by their ids in the suite; a metric that has none is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calibrations: BTreeMap<String, CalibrationStamp>,
    /// Which examples were asked for.
    pub selection: Selection,
    /// Whether the first failure ended the run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fail_fast: bool,
    /// The number of subject calls under way at once.
    pub concurrency: u32,
    /// The number of trials of each example.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub repeats: NonZeroU32,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_one(repeats: &NonZeroU32) -> bool {
    repeats.get() == 1
}

impl RunManifest {
    /// The version of the run folder's format that this code writes.
    pub const FORMAT: u32 = 1;
}

/// The suite of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteStamp {
    /// The suite's name.
    pub name: String,
    /// The variant of the suite; absent for the suite itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// `unit` or `integration`.
    pub tier: String,
    /// The suite file as it was named on the command line.
    pub path: String,
    /// The hash of the resolved configuration.
    pub hash: Digest,
}

impl SuiteStamp {
    /// Returns the suite's name, with its variant: `support` or `support [shorter]`.
    pub fn label(&self) -> String {
        match &self.variant {
            None => self.name.clone(),
            Some(variant) => format!("{} [{variant}]", self.name),
        }
    }
}

/// The dataset of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatasetStamp {
    /// The dataset's name.
    pub name: String,
    /// The hash over all its examples in order.
    pub hash: Digest,
    /// The number of examples that were selected, by partition.
    pub selected: BTreeMap<Partition, u64>,
    /// The number of examples that the dataset has, by partition.
    pub available: BTreeMap<Partition, u64>,
}

/// The subject of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectStamp {
    /// `openai`, `anthropic`, `http`, `command` or `recorded`.
    pub kind: String,
    /// What people call it: the model, the address or the command.
    pub name: String,
    /// The version of the prompt: the suite's word for it, else a hash of the prompt files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_version: Option<String>,
    /// The hash of all its settings but addresses and secrets.
    pub hash: Digest,
}

/// A metric of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricStamp {
    /// The kind of metric.
    pub kind: String,
    /// Whether it can fail an example.
    pub gating: bool,
    /// Why its judge lost its word in this run, so that it only reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<String>,
    /// The hash of its settings; scores of two versions are not compared.
    pub version: Digest,
    /// The hash of its thresholds and of where it applies; pass rates under other demands are not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demands: Option<Digest>,
    /// The largest loss that does not matter, where the suite declares one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
}

impl MetricStamp {
    /// The kinds of metrics whose scores a judge gives.
    pub const JUDGED_KINDS: [&'static str; 2] = ["judge", "hallucination"];

    /// Returns whether a judge gives the scores.
    pub fn asks_judge(&self) -> bool {
        Self::JUDGED_KINDS.contains(&self.kind.as_str())
    }

    /// Returns whether both ask the same of a score; a stamp that does not tell is taken to.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        self.demands.zip(other.demands).is_none_or(|(one, two)| one == two)
    }
}

/// A baseline that a gate of a run names; the run's folder keeps a copy under its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineStamp {
    /// The run that set it.
    pub run_id: RunId,
    /// The hash of the file's bytes.
    pub hash: Digest,
}

/// What the calibration of a judged metric said when a run started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationStamp {
    /// The hash of the file's bytes.
    pub hash: Digest,
    /// The version of the metric that was calibrated.
    pub metric_version: Digest,
    /// When it was calibrated.
    pub created_at: Timestamp,
    /// What it came to.
    pub verdict: CalibrationVerdict,
}

/// What the calibration of a judge comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationVerdict {
    /// The judge tells good answers from others, and there is a threshold.
    Calibrated,
    /// The judge is not shown to be better than chance, or than what costs nothing.
    Weak,
    /// The labels cannot calibrate anything.
    NotCalibratable,
}
