//! How near an output is to a right answer in meaning.

mod cosine;
mod metric;

pub use metric::{FactsCheck, SemanticSimilarity, SemanticSimilarityOptions};
