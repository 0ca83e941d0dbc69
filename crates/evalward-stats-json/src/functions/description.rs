//! Description of samples, and distributions.

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[];
