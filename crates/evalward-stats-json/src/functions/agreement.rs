//! Agreement between raters.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
