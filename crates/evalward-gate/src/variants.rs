//! The comparison of the variants of a suite, in pairs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compare::RunComparison;

/// Two runs of one suite and what their comparison comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantPair {
    /// The run that is compared with: `base` for the suite itself, else a variant.
    pub baseline: String,
    /// The variant that is judged.
    pub candidate: String,
    /// The comparison, its p-values corrected over all pairs; absent where the two cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<RunComparison>,
    /// Why the two cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl VariantPair {
    /// Returns `base → shorter`.
    pub fn name(&self) -> String {
        format!("{} → {}", self.baseline, self.candidate)
    }
}
