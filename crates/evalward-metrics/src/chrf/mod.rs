//! chrF and chrF++, of an example and of a whole corpus, as sacrebleu computes them.

mod formula;

pub use formula::corpus_chrf;
