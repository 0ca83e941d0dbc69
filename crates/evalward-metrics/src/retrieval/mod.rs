//! How well retrieved documents fit the relevant ones.

mod measures;
mod metric;
mod relevant;

pub use measures::{NdcgGain, RetrievalMeasure};
pub use metric::{Retrieval, RetrievalOptions};
