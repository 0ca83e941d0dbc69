//! Answers of calls on the disk, so that a call whose request is unchanged is not made again.

mod cached_calls;
mod call_cache;
mod entries;
mod error;
mod file;
mod queue;
mod sql;
#[cfg(test)]
mod tests;
mod upkeep;

pub use cached_calls::CachedCalls;
pub use call_cache::{CacheCounts, CallCache};
pub use error::CacheError;
pub use upkeep::{CacheContent, CachedKind, PruneOptions, Pruned, cache_content, prune_cache};
