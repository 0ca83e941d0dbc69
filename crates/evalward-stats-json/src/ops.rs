//! The procedures by the names that requests give: `compare`, `binomial_ci`, `confidence_sequence`, `weighted_mean`, `needed_n`.

use serde_json::{Map, Value};

use crate::failure::Failure;

/// A procedure: from the fields of its request to those of its answer.
pub(crate) type Op = fn(Value) -> Result<Map<String, Value>, Failure>;

/// Returns the procedure of this name.
pub(crate) fn find(name: &str) -> Option<Op> {
    let _ = name;
    None
}
