//! The local embedder through its public surface.

#![expect(
    clippy::unwrap_used,
    reason = "also the helpers of these tests fail where something is missing"
)]

mod embedder;
mod files;
mod folder;
mod reference;
