//! The JSON Schema of suite files, for editors.

use serde_json::Value;

use crate::SuiteFile;

/// Returns the JSON Schema of suite files.
pub fn suite_schema() -> Value {
    schemars::schema_for!(SuiteFile).to_value()
}
