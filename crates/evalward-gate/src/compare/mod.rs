//! The comparison of two runs of a suite.
//!
//! [`compare_runs`] pairs the examples of two runs and compares each metric in each partition by a margin. Scores that do not
//! mean the same on both sides are refused, never compared.

mod decide;
mod error;
mod family;
mod flips;
mod legacy;
mod metric;
mod metric_outcome;
mod outcome;
mod pairing;
mod policy;
mod runs;
mod sample;
mod side;
mod tradeoff;
mod variants;

pub use error::{CompareError, OtherMetric};
pub use metric_outcome::{
    ComparisonCompanions, ComparisonVerdict, MetricComparison, MetricRole, SubjectOfMetric,
    WorstCase,
};
pub use outcome::{ComparedRun, Flip, LengthComparison, Overlap, RunComparison, UncomparedMetric};
pub use policy::{ComparePolicy, Procedure, Requirement, default_margin};
pub use runs::{compare_runs, paired_differences};
pub use side::ComparedScores;
pub use variants::{ALL_PAIRS, VariantPair, compare_variants};

pub(crate) use decide::errors_could_hide_a_loss;
pub(crate) use family::correct;
pub(crate) use metric::{Question, compare as compare_metric};
pub(crate) use pairing::Pair;
pub(crate) use sample::Sample;
