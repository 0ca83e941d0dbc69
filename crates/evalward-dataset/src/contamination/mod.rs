//! Contamination: inputs that also stand in a prompt, among few-shot examples or in training data.
//!
//! Long files are streamed and inputs are taken in groups, so that neither has to fit into memory.

mod anchors;
mod check;
mod containment;
mod group;
mod passages;
mod scan;

pub use check::{Contamination, ContaminationOptions, TextFile, TextFileKind, check_contamination};
