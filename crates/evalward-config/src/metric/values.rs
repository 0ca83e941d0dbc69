//! The tables of metrics that compare values: JSON, numbers, labels.

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `json_match`.
    JsonMatchConfig {
    }
}

metric_table! {
    /// The table of `numeric`.
    NumericConfig {
    }
}

metric_table! {
    /// The table of `classification`.
    ClassificationConfig {
    }
}

on_fraction!(JsonMatchConfig, NumericConfig, ClassificationConfig);
