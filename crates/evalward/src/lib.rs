//! The evalward libraries behind one import, for Rust teams that evaluate their own code in-process.
//!
//! [`evaluate`] runs examples through a subject and metrics and returns every row with a summary whose decision is the gate.
//! The crates themselves are re-exported by their topics: [`core`], [`dataset`], [`metrics`], [`gate`] and so on. This crate has
//! no logic of its own beyond that.
//!
//! Ten examples in under thirty lines:
//!
//! ```
//! use evalward::core::{BoxFuture, CallError, Example, Finite, Partition, Reply, Response, Subject, SuiteMetric};
//! use evalward::gate::Decision;
//! use evalward::metrics::{ExampleChecks, TokenF1};
//!
//! /// Your own code: here, a calculator that speaks.
//! #[derive(Debug)]
//! struct Calculator;
//!
//! impl Subject for Calculator {
//!     fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
//!         let number = example.input["number"].as_i64().unwrap_or_default();
//!         Box::pin(async move { Ok(Response::from_text(format!("The double is {}.", number * 2)).into()) })
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let examples = (0..10).map(|number| {
//!     Example::new(&format!("double-{number}"), Partition::Golden)
//!         .with_input("number", number)
//!         .with_expected_output(format!("The double is {}.", number * 2))
//! });
//! let overlap = SuiteMetric::new("overlap", TokenF1::default()).with_threshold(Finite::new(0.9)?);
//! let checks = SuiteMetric::new("checks", ExampleChecks);
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! let evaluation = runtime.block_on(evalward::evaluate(examples, Calculator, [overlap, checks]))?;
//! assert_eq!(evaluation.summary.decision, Decision::Holds);
//! assert_eq!(evaluation.summary.counts.passed, 10);
//! # Ok(())
//! # }
//! ```

mod evaluate;

pub use evaluate::{EvaluateError, Evaluation, evaluate};
#[cfg(feature = "config")]
pub use evalward_config as config;
pub use evalward_core as core;
#[cfg(feature = "dataset")]
pub use evalward_dataset as dataset;
pub use evalward_gate as gate;
pub use evalward_metrics as metrics;
#[cfg(feature = "models")]
pub use evalward_models as models;
pub use evalward_pipeline as pipeline;
#[cfg(feature = "report")]
pub use evalward_report as report;
pub use evalward_stats as stats;
#[cfg(feature = "models")]
pub use evalward_subject as subject;
