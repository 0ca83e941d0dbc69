//! What a tool came to.

use super::timed::Timed;

/// What a tool came to.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    /// Runs with an empty cache, each of as many calls as there are examples.
    pub(super) cold: Runs,
    /// Runs in which every answer is cached, where the tool has a cache.
    pub(super) cached: Option<Runs>,
    /// The most calls that the run after a cold one made again.
    pub(super) repeated_calls: u64,
    /// The seconds until the tool has told its version, where it has a command for it.
    pub(super) version_seconds: Vec<f64>,
}

/// Runs of the same thing.
pub(super) type Runs = Vec<Timed>;
