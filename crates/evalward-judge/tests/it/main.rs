//! The judges through their public surface, with scripted models.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails; clippy sees no helper as one"
)]

mod absolute;
mod claims;
mod families;
mod pairwise;
mod support;
