//! Tests: where they stand, and the cases that they make.

mod case;
mod expand;
mod read;
mod table;
mod vars;

pub(super) use case::{Case, Test};
pub(super) use expand::{LIMIT, expand};
pub(super) use read::{read_assertions, read_test, read_tests};
