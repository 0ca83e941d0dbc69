//! The tables of metrics that look at what a text says.

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `semantic_similarity`.
    SemanticSimilarityConfig {
    }
}

metric_table! {
    /// The table of `support`.
    SupportConfig {
    }
}

on_fraction!(SemanticSimilarityConfig, SupportConfig);
