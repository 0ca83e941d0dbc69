//! Words as numbers: where they lie in a text, and which are equal.

mod ascii;
mod ngrams;
mod squad;
mod unicode;
mod vocabulary;
mod white_space;

pub(crate) use ascii::{SpecialBytes, is_plain_ascii};
pub(crate) use ngrams::{ngrams_in, shared_ngrams};
pub(crate) use squad::{SquadWord, SquadWords};
pub(crate) use unicode::unicode_words;
pub(crate) use vocabulary::{Numbers, Vocabulary, index};
pub(crate) use white_space::{is_white_space, trim_end, words};
