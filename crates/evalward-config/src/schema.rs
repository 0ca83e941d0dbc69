//! The JSON Schema of suite files, for editors.

use serde_json::Value;

use crate::{JudgeFile, SuiteFile};

/// Returns the JSON Schema of suite files.
pub fn suite_schema() -> Value {
    schemars::schema_for!(SuiteFile).to_value()
}

/// Returns the JSON Schema of judge files.
pub fn judge_schema() -> Value {
    schemars::schema_for!(JudgeFile).to_value()
}
