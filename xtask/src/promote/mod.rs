//! `cargo xtask promote`: approved candidates become examples, on a branch of their own with a commit that is ready to push.
//!
//! What may be promoted, and how, `evalward-feedback` decides; this part knows git.

mod command;
mod git;
#[cfg(test)]
mod tests;

pub(crate) use command::{PromoteArgs, run};
