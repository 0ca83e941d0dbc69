//! BLEU, of an example and of a whole corpus, as sacrebleu computes it.

mod counts;
mod formula;
mod international;
mod metric;
mod mteval;
mod tokens;

pub use counts::{BleuOptions, bleu_counts};
pub use formula::{corpus_bleu, sentence_bleu};
pub use metric::Bleu;
