//! What tests of several crates share: scratch folders with suites and datasets, a runner for the built binary, a fake model
//! server, a browser with a checker of accessibility, a PostgreSQL server, an embedding model, scripted subjects and metrics, and redactions for snapshots.
//!
//! Only tests and `xtask` depend on this crate, and it depends on the words, the datasets and the local models alone, so that it can stand below every crate
//! under test. It panics where a test cannot go on. Start at [`Scratch`].
//!
//! ```
//! use evalward_core::{Example, Partition};
//! use evalward_testkit::Scratch;
//!
//! let scratch = Scratch::new();
//! scratch.dataset(&[Example::new("greeting", Partition::Golden).with_input("question", "Hello?")]);
//! assert_eq!(scratch.read("dataset/reviews.jsonl").lines().count(), 2);
//! ```

mod axe;
mod browser;
mod devtools;
mod fake_model;
mod fixtures;
mod hostile;
mod invocation;
mod models;
mod packages;
mod postgres;
mod postgres_server;
mod redact;
mod scratch;
mod scripted;
mod tab;
mod tiny_model;

pub use axe::axe_script;
pub use browser::{BROWSER, Browser};
pub use fake_model::{Arrival, FakeModel, Turn};
pub use fixtures::StatsFixture;
pub use hostile::{HostileAnswer, HostileSuite, Judged, Verdict, hostile_answers};
pub use invocation::{Finished, Invocation, Running};
pub use models::{fetch_models, models_dir};
pub use postgres::Postgres;
pub use postgres_server::PostgresServer;
pub use redact::redact;
pub use scratch::{OWNERS, Scratch};
pub use scripted::{Reaction, ScriptedMetric, ScriptedSubject};
pub use tab::Tab;
pub use tiny_model::{tiny_archive, write_tiny_model};
