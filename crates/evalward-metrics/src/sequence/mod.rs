//! Bit-parallel comparison of sequences of numbers: edit distance and longest common subsequence.
//!
//! Both cost the product of the lengths over 64; who calls them sets a limit on it.

mod edits;
mod limit;
mod subsequence;
mod union;

pub(crate) use edits::edits;
pub use limit::TooLong;
pub(crate) use subsequence::subsequence_length;
pub(crate) use union::UnionOfSubsequences;
