//! Persistence on SQLite and PostgreSQL: interactions, samples and their durable queue, windows, patterns, candidates, alerts
//! with their outbox, API keys, and the history of offline runs.
//!
//! One SQL text serves both engines wherever that is possible; what differs stands in `dialect`. Every method is one
//! transaction. This crate must not know how an interaction is sampled, scored or grouped: it is told, and keeps it. The entry
//! point is [`Store::open`].

mod alert;
mod arrival;
mod candidate;
mod codec;
mod database;
mod dialect;
mod error;
mod feedback;
mod finish;
mod ingest;
mod key;
mod lease;
mod migrate;
mod open;
mod pattern;
mod queue;
mod run;
mod sample;
mod second_phase;
mod share;
mod sql;
mod store;
mod value;
mod window;
mod writer;

pub use alert::{Alert, AlertSignal, AlertState, Delivery, Severity};
pub use candidate::{Candidate, CandidateEdit, CandidateReview, CandidateState, NewCandidate};
pub use error::StoreError;
pub use feedback::{FeedbackTaken, NewFeedback, SecondPhase};
pub use ingest::{Ingested, NewInteraction, StoredEvaluation, StoredInteraction};
pub use key::{ApiKey, Scope};
pub use pattern::{NewFailure, Pattern, PatternState};
pub use queue::{Backlog, Evaluation, FinishBatch, Finished, FinishedJob, LeasedJob, Sample};
pub use run::{PartitionCounts, RunRecord};
pub use store::{Engine, Store, StoreOptions};
pub use window::{Resolution, Window, WindowKey, WindowQuery};
