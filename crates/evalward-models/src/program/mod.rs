//! The team's own programs: workers that are started once and speak JSON lines, or a start for every request.
//!
//! A request is one line with a JSON object that has an `id`; the answer is one line with a JSON object, whose `id` must be
//! the request's where it has one, or with a JSON string. `{"error": "..."}` says that the program could not answer. Only
//! answers may go to stdout; stderr is for people, and its end is shown where something fails.
//!
//! The program runs in a process group of its own, so that Ctrl-C reaches evalward alone and running examples can finish.
//! Killing it kills the process that was started; what that process started in turn sees its standard input end.
//!
//! ```
//! use std::time::Duration;
//!
//! use evalward_models::program::{ProgramOptions, WorkerPool};
//!
//! let options = ProgramOptions { timeout: Duration::from_secs(5), ..ProgramOptions::new(["python3", "app.py"]) };
//! let pool = WorkerPool::new(options)?;
//! # Ok::<(), evalward_models::ModelError>(())
//! ```

mod answer;
mod metric;
mod one_shot;
mod options;
mod pool;
mod process;
mod tail;
#[cfg(test)]
mod tests;
mod worker;

pub use answer::ProgramAnswer;
pub use metric::{CommandMetric, CommandMetricOptions};
pub use one_shot::OneShot;
pub use options::ProgramOptions;
pub use pool::WorkerPool;
