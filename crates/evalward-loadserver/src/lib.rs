//! A local server that speaks the `OpenAI` chat API, for benchmarks and for runs under stress: every answer takes the same time, a
//! given share of requests meets a fault, and everything is counted.
//!
//! Which request meets which fault follows from a seed and the number of the request, so that a run can be repeated. The server
//! knows nothing of evalward: other tools are measured against it too.
//!
//! ```
//! use evalward_loadserver::{LoadServer, Options};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let server = LoadServer::start(Options::default()).await?;
//! assert!(server.address().starts_with("http://127.0.0.1:"));
//! assert_eq!(server.counters().requests, 0);
//! # std::io::Result::Ok(())
//! # })?;
//! # std::io::Result::Ok(())
//! ```

mod answer;
mod counters;
mod fault;
mod options;
mod replies;
mod server;

pub use counters::Counters;
pub use fault::{Fault, Faults};
pub use options::Options;
pub use server::LoadServer;
