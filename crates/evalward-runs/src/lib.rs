//! The folder of a run: `manifest.json`, `journal.jsonl` while it goes on, `results.jsonl` and `summary.json` at its end.
//!
//! [`Recorder`] is the sink that writes it, so that `kill -9` loses at most the line being written; [`StoredRun`] reads it
//! back, and [`resume`] goes on with a run that was cut short. This crate knows neither suites nor gates; it keeps rows and hands them out one by one, never all at once.
//!
//! ```
//! use evalward_core::RunId;
//! use evalward_runs::{RunError, RunStore};
//!
//! let folder = std::env::temp_dir().join("evalward-doc-no-runs");
//! let store = RunStore::new(&folder);
//! assert!(matches!(store.find("latest"), Err(RunError::NoRuns { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod files;
mod journal;
mod recorder;
mod resume;
mod rewrite;
mod shard;
mod store;
mod stored;

pub use error::RunError;
pub use files::{stream_atomically, write_atomically};
pub use recorder::Recorder;
pub use resume::{KeptRows, Resumption, resume};
pub use rewrite::rewrite;
pub use shard::ShardOrder;
pub use store::RunStore;
pub use stored::{PlacedTrials, Rows, StoredRun, Trials};
