//! Answers of calls on the disk, so that a call whose request is unchanged is not made again.

mod call_cache;
mod error;
mod file;
#[cfg(test)]
mod tests;

pub use call_cache::{CacheCounts, CallCache};
