//! The scores of a run by example, as comparisons and baselines need them.

use std::collections::BTreeMap;

use evalward_core::{Digest, ExampleId, Finite, Partition, Scale, ScoreRow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::GateError;

/// The scores of a run by example; the trials of an example are averaged, with their variance kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunScores {
    /// Each metric's scale.
    pub scales: BTreeMap<String, Scale>,
    /// Each example.
    pub examples: BTreeMap<ExampleId, ExampleScores>,
}

/// The scores of one example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleScores {
    /// Its partition.
    pub partition: Partition,
    /// Its content hash; examples are paired by id and hash.
    pub hash: Digest,
    /// Its cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Trials that passed.
    pub passed: u32,
    /// Trials that failed.
    pub failed: u32,
    /// Trials that could not be evaluated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errored: u32,
    /// Trials to which nothing that can fail applies.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: u32,
    /// Each metric that was scored or errored.
    pub metrics: BTreeMap<String, MetricScores>,
}

/// A metric's scores on the trials of one example.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricScores {
    /// The number of trials with a score.
    pub n: u32,
    /// The mean score; 0 where `n` is 0.
    pub mean: Finite,
    /// The sum of squared deviations from the mean: what is known of run-to-run noise.
    #[serde(default, skip_serializing_if = "is_none")]
    pub squares: Finite,
    /// Trials on which the metric could not be computed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errored: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(squares: &Finite) -> bool {
    *squares == Finite::ZERO
}

impl RunScores {
    /// Takes in one row.
    ///
    /// # Errors
    /// [`GateError`] where the row contradicts an earlier one: the same trial twice, or another content of the same example.
    pub fn push(&mut self, row: &ScoreRow) -> Result<(), GateError> {
        let _ = row;
        todo!()
    }
}
