//! The procedures by the names that requests give; their answers have fields of their own instead of a `result`.

mod compare;
mod procedures;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// A procedure: from the fields of its request to those of its answer.
pub(crate) type Op = fn(Value) -> Result<Map<String, Value>, Failure>;

/// The procedures.
const OPS: &[(&str, Op)] = &[
    ("binomial_ci", procedures::binomial_ci),
    ("compare", compare::compare),
    ("confidence_sequence", procedures::confidence_sequence),
    ("needed_n", procedures::needed_n),
    ("weighted_mean", procedures::weighted_mean),
];

/// Returns the procedure of this name.
pub(crate) fn find(name: &str) -> Option<Op> {
    OPS.iter().find(|(known, _)| *known == name).map(|(_, op)| *op)
}

/// Returns the names of the procedures.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPS.iter().map(|(name, _)| *name)
}

/// Writes the fields of an answer.
fn fields(answer: &impl serde::Serialize) -> Result<Map<String, Value>, Failure> {
    match crate::input::write(answer)? {
        Value::Object(fields) => Ok(fields),
        other => Err(Failure::BadRequest(format!("write the answer `{other}`"))),
    }
}
