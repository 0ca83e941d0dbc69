//! The name that failures of one cause share.

use evalward_core::Digest;
use serde_json::json;

/// The version of masking and hashing; another one makes other patterns.
const VERSION: &str = "p1";

/// Returns the id of the pattern that a failure belongs to, such as `p1-3f2a9c01b7de`.
///
/// `masked` is the message without what differs between failures of one cause: see [`mask_message`](crate::mask_message).
pub fn fingerprint(project: &str, metric: &str, rule: Option<&str>, masked: &str) -> String {
    let digest = Digest::of_json(&json!([VERSION, project, metric, rule, masked]));
    format!("{VERSION}-{}", digest.short())
}

/// Returns the id of a pattern's one candidate, such as `c1-3f2a9c01b7de`.
pub fn candidate_id(pattern: &str) -> String {
    match pattern.strip_prefix('p') {
        Some(rest) => format!("c{rest}"),
        None => format!("c-{pattern}"),
    }
}
