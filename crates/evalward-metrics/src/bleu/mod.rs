//! BLEU, of an example and of a whole corpus, as sacrebleu computes it.

mod formula;

pub use formula::{corpus_bleu, sentence_bleu};
