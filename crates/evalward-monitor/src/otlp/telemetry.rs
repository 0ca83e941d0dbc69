//! What the mapping of spans counts.

/// Counts spans by what they came to: `mapped`, `ignored` or `rejected`.
pub(super) fn spans(result: &'static str, count: u64) {
    if count > 0 {
        metrics::counter!("evalward_spans_total", "result" => result).increment(count);
    }
}

/// Counts attributes that no mapping knows, by the first part of their name.
pub(super) fn unmapped(prefix: &'static str, count: u64) {
    metrics::counter!("evalward_unmapped_attributes_total", "prefix" => prefix).increment(count);
}
