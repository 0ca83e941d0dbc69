//! Persistence on SQLite and PostgreSQL: interactions, samples and their durable queue, windows, patterns, candidates, alerts
//! with their outbox, API keys, and the history of offline runs, their scores, and calibrations.
//!
//! One SQL text serves both engines wherever that is possible; what differs stands in `dialect`. Every method is one
//! transaction. This crate must not know how an interaction is sampled, scored or grouped: it is told, and keeps it. The entry
//! point is [`Store::open`].
//!
//! ```
//! use evalward_core::{Interaction, InteractionId, Rate, Timestamp};
//! use evalward_store::{Ingested, NewInteraction, Store, StoreOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let url = Store::url_of_file(&folder.path().join("evalward.db"));
//! let store = Store::open(&url, StoreOptions::default()).await?;
//!
//! let now: Timestamp = "2026-11-25T12:00:00Z".parse()?;
//! let new = NewInteraction {
//!     project: "support".to_owned(),
//!     interaction: Interaction::new(InteractionId::new("request-1")?, now),
//!     received_at: now,
//!     segment: "hour=12".to_owned(),
//!     stratum: "base".to_owned(),
//!     probability: Rate::ONE,
//!     is_sampled: true,
//! };
//! assert_eq!(store.ingest(vec![new.clone()]).await?, [Ingested::Sampled]);
//! assert_eq!(store.ingest(vec![new]).await?, [Ingested::Duplicate]);
//! assert_eq!(store.backlog().await?.waiting, 1);
//! store.close().await?;
//! # Ok(())
//! # }
//! ```

mod alert;
mod arrival;
mod calibration;
mod candidate;
mod codec;
mod database;
mod dialect;
mod error;
mod failure;
mod feedback;
mod finish;
mod ingest;
mod key;
mod lease;
mod metric_share;
mod migrate;
mod open;
mod outbox;
mod pattern;
mod queue;
mod run;
mod run_score;
mod sample;
mod second_phase;
mod share;
mod sql;
mod store;
mod sums;
mod value;
mod window;
mod writer;

pub use alert::{Alert, AlertSignal, AlertState, Delivery, Severity};
pub use calibration::CalibrationRecord;
pub use candidate::{Candidate, CandidateEdit, CandidateReview, CandidateState, NewCandidate};
pub use error::StoreError;
pub use feedback::{FeedbackTaken, NewFeedback, SecondPhase};
pub use ingest::{Ingested, NewInteraction, StoredEvaluation, StoredInteraction};
pub use key::{ApiKey, Scope};
pub use pattern::{NewFailure, Pattern, PatternState};
pub use queue::{Backlog, Evaluation, FinishBatch, Finished, FinishedJob, LeasedJob, Sample};
pub use run::{PartitionCounts, RunFilter, RunRecord};
pub use store::{Engine, Store, StoreOptions};
pub use window::{MetricWindow, Resolution, ScoreValues, Window, WindowKey, WindowQuery};
