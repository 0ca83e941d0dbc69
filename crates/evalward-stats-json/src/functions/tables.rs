//! Tables of counts, and many tests at once.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
