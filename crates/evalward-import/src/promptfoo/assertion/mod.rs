//! Assertions: read, and translated into what a suite or an example demands.

mod calls;
mod condition;
mod demand;
mod json;
mod measure;
mod pattern;
mod program;
mod read;
mod reasons;
mod shorthand;
mod sign;
mod texts;
mod words;

pub(super) use condition::{condition, share};
pub(super) use demand::{Demand, Measure, translate};
pub(super) use read::Assertion;
pub(super) use words::slug;
