//! An audit as a document.

use evalward_core::Digest;
use serde::{Deserialize, Serialize};

use super::AuditRow;

/// What an audit found of a judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// The version of the form of this document.
    pub version: u32,
    /// The judge's name.
    pub judge: String,
    /// Its kind, as files spell it.
    pub kind: String,
    /// The hash of all that can move a score of the judge.
    pub judge_version: Digest,
    /// The model's name.
    pub model: String,
    /// The suite's name.
    pub suite: String,
    /// The metric that asks the judge; absent for a judge that compares two answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The version of the metric, as a run's manifest has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_version: Option<Digest>,
    /// What the draw and all changes followed from.
    pub seed: u64,
    /// The number of answers, or of pairs of answers.
    pub answers: u64,
    /// The questions that the judge was asked, those answered from a recording among them.
    pub questions: u64,
    /// The questions without a judgement.
    pub errored: u64,
    /// The first reason why something could not be judged.
    pub error: Option<String>,
    /// The least rise after which an instruction counts as obeyed, in points of a judge that scores.
    pub rise: Option<f64>,
    /// What each experiment came to.
    pub rows: Vec<AuditRow>,
}

impl Audit {
    /// The version of the form of this document that this code writes.
    pub const VERSION: u32 = 1;
}
