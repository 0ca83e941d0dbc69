//! Folds the rows of a run into a summary and decides whether its gates hold.
//!
//! The verdict is a pure fold over rows: the same rows give the same summary, whether they come from a run that just ended or
//! from a folder of last week. This crate reads no file and knows no suite; [`Fold`] takes the rows one by one and
//! [`Fold::finish`] gives the [`Summary`].
//!
//! ```
//! use evalward_core::{Example, GatePolicy, Outcome, Partition, Timestamp, Trial};
//! use evalward_gate::{Decision, Fold, Plan};
//!
//! let plan = Plan::new([(Partition::Golden, 1)], [(Partition::Golden, GatePolicy::STRICT)]);
//! let mut fold = Fold::default();
//! fold.push(&Trial::new(&Example::new("a-1", Partition::Golden), Outcome::Passed, Timestamp::from_millis(0)))?;
//! let summary = fold.finish(&plan)?;
//! assert_eq!(summary.decision, Decision::Holds);
//! # Ok::<(), evalward_gate::GateError>(())
//! ```

mod bar;
mod baseline;
mod by_metric;
pub mod calibrate;
mod calibrated;
pub mod canaries;
pub mod certify;
pub mod compare;
pub mod correct;
mod decide;
mod example;
mod fold;
mod judge;
pub mod labelling;
mod numbers;
mod overall;
mod passes;
mod plan;
pub mod power;
pub mod probe;
mod repeated;
mod scores;
mod summary;
mod tally;
mod words;

pub use baseline::{Baseline, BaselineError, BaselineMismatch};
pub use by_metric::ByMetric;
pub use calibrated::PlannedJudges;
pub use decide::{Decision, GateResult, GateStatus};
pub use example::{Confirmed, Confirming};
pub use fold::{Fold, GateError};
pub use overall::{
    Averages, ClassificationSummary, ConfusionCell, CorpusScore, Figure, LabelSummary, Overall,
    Resampling,
};
pub use plan::Plan;
pub use scores::{ExampleScores, MetricScores, RunScores};
pub use summary::{
    Counts, Estimate, MetricSummary, PartitionSummary, RepeatRates, RepeatSummary, Spread,
    SubjectCalls, Summary,
};
