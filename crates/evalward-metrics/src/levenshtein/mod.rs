//! The edit distance.

mod distance;
mod metric;

pub use distance::{levenshtein_distance, levenshtein_similarity};
pub use metric::Levenshtein;
