//! Imports through the crate's entry points.

mod configurations;
mod support;
mod wrong;
