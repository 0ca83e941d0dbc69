//! What datasets promise, through the public API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod against;
mod approve;
mod canonical;
mod check;
mod contamination;
mod convert;
mod diff;
mod generate;
mod near;
mod paraphrases;
mod places;
mod support;
