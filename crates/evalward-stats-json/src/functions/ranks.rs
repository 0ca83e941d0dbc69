//! Comparison by ranks and by permutation.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
