//! The labels that raters gave, in the form of a file of labels.

use evalward_core::{Digest, ExampleId, Finite};
use serde::Serialize;
use serde_json::Value;

/// What one rater said of one answer: a line of a file of labels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetLabel {
    /// The example.
    pub id: ExampleId,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// A rating, or whether the answer is good; absent where only claims were labelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Value>,
    /// The claims that were labelled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<SheetClaim>,
    /// The rater.
    pub annotator: String,
    /// The probability with which the answer was drawn.
    pub probability: Finite,
    /// The hash of the answer's text.
    pub output_hash: Digest,
}

/// A claim with what a rater said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetClaim {
    /// The words of the answer.
    pub claim: String,
    /// What the rater said of it.
    pub label: String,
}
