//! ROUGE, as rouge-score computes it.

mod metric;
mod overlap;
mod porter;
mod summary;
mod tokens;

pub use metric::Rouge;
pub use overlap::{RougeOptions, rouge};
