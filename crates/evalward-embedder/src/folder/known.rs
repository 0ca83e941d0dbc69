//! The models that are known by name.

/// The model that is used where none is named.
pub const DEFAULT_MODEL: &str = "all-minilm-l6-v2";
