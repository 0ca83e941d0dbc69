//! Runs a suite: streams examples through the subject and the metrics, with bounded concurrency, and tells sinks what happens.
//!
//! The entry points are [`preflight`], which finds what is wrong before anything is called, and [`run`]. This crate knows no
//! terminal, no database and no configuration file. `evalward::evaluate` is the short way to it for examples in memory.
//!
//! What becomes of an example follows from its scores alone:
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use evalward_core::{Finite, Outcome, Score, SuiteMetric, decide_outcome};
//! use evalward_metrics::TokenF1;
//!
//! let bar = Finite::new(0.5)?;
//! let metrics = [SuiteMetric::new("overlap", TokenF1::default()).with_threshold(bar)];
//! let score = Score::fraction(Finite::new(0.2)?).judged_by_threshold(Some(bar));
//! let scores = BTreeMap::from([("overlap".to_owned(), score.into())]);
//!
//! let Outcome::Failed(reasons) = decide_outcome(&metrics, &scores) else { unreachable!() };
//! assert_eq!(reasons[0].message, "score 0.200 is below 0.5");
//! # Ok::<(), evalward_core::NotFinite>(())
//! ```

mod breaker;
mod canaries;
mod clocks;
mod confirm;
mod preflight;
mod run;
mod sample;
mod select;
mod stop;
mod trial;

pub use breaker::Breaker;
pub use canaries::judge_canaries;
pub use preflight::{Preflight, PreflightError, preflight};
pub use run::{ExampleError, PipelineError, RunEnd, RunPlan, run};
pub use sample::draw_sample;
pub use select::{Filter, placed_examples, selected_examples};
pub use stop::StopReason;
