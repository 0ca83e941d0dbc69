//! chrF and chrF++, of an example and of a whole corpus, as sacrebleu computes them.

mod counts;
mod formula;
mod metric;

pub use counts::{ChrfOptions, chrf_counts};
pub use formula::corpus_chrf;
pub use metric::Chrf;
