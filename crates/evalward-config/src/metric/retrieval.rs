//! The table of the metrics of retrieved documents.

use std::num::NonZeroU32;

use evalward_metrics::{NdcgGain, RetrievalMeasure};

use super::common::{metric_table, on_fraction};

fn relevant() -> String {
    "/metadata/relevant".to_owned()
}

metric_table! {
    /// The table of `retrieval`.
    RetrievalConfig {
        /// The measure that is the score: `recall`, `precision`, `hit_rate`, `mrr`, `map` or `ndcg`.
        measure: RetrievalMeasure,
        /// The number of ranks that count; all by default.
        #[serde(default)]
        k: Option<NonZeroU32>,
        /// Where an example says which documents are relevant: a JSON Pointer to a list of ids or an object from id to grade,
        /// or `context` for the ids of its own context; `/metadata/relevant` by default.
        #[serde(default = "relevant")]
        relevant: String,
        /// What a grade is worth in nDCG: `linear` or `exponential` (2 to its power, less 1); `linear` by default, as in
        /// `trec_eval`.
        #[serde(default)]
        gain: NdcgGain,
    }
}

on_fraction!(RetrievalConfig);
