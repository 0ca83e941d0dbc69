//! Assertions: read, and translated into what a suite or an example demands.

mod demand;
mod json;
mod measure;
mod pattern;
mod read;
mod reasons;
mod shorthand;
mod texts;
mod words;

pub(super) use demand::{Demand, Measure, translate};
pub(super) use read::Assertion;
pub(super) use words::slug;
