//! The table of the metrics of retrieved documents.

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `retrieval`.
    RetrievalConfig {
    }
}

on_fraction!(RetrievalConfig);
