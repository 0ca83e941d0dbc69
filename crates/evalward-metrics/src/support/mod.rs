//! How much of an output its context supports.

mod ground;
mod metric;
mod score;
mod words;

pub use metric::{ContextSource, Support, SupportOptions};
pub use score::SupportScore;
pub(crate) use words::is_stop_word;
