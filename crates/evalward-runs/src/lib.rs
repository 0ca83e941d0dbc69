//! The folder of a run: `manifest.json`, `journal.jsonl` while it goes on, `results.jsonl` and `summary.json` at its end.
//!
//! [`Recorder`] is the sink that writes it, so that `kill -9` loses at most the line being written; [`StoredRun`] reads it
//! back. This crate knows neither suites nor gates; it keeps rows and hands them out one by one, never all at once.
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
mod recorder;
mod rewrite;
mod store;
mod stored;

pub use error::RunError;
pub use files::{stream_atomically, write_atomically};
pub use recorder::Recorder;
pub use rewrite::rewrite;
pub use store::RunStore;
pub use stored::{Rows, StoredRun, Trials};
