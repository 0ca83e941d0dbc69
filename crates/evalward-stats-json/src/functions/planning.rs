//! Power and needed numbers.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
