//! Permutation tests: all permutations where they can be counted, else a seeded sample of them.

mod halves;
mod labels;
mod lattice;
mod signs;
mod test;
mod units;

pub use labels::permute_labels;
pub use signs::{permute_signs, sign_flip_p};
pub use test::{PermutationMethod, PermutationTest, Permutations, Resampling};
