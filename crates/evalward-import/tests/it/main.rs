//! Imports through the crate's entry points.
#![cfg(test)]

mod configurations;
mod support;
mod verdicts;
mod wrong;
