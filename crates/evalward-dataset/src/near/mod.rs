//! Near-duplicate inputs: candidates by `MinHash` and banding, each verified exactly, in memory that stays within 16 bytes an
//! example.
//!
//! Texts and hashes lie in temporary files. One band at a time is in memory.

mod bands;
mod buckets;
mod check;
mod grams;
mod matches;
mod normal;
mod search;
mod signature;
mod spill;
mod text;

pub(crate) use check::spill_error;
pub use check::{
    InvalidSimilarity, NearDuplicates, NearOptions, Similarity, check_near_duplicates,
};
pub use grams::similarity;
pub(crate) use grams::{GRAM, Gram, Grams, push as push_gram, share};
pub(crate) use normal::{Normalizer, normalize};
pub(crate) use search::{Input, Search};
pub(crate) use signature::mix;
pub(crate) use text::input_text;
