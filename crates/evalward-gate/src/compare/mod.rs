//! The comparison of two runs of a suite.

mod outcome;
mod side;

pub use outcome::{
    ComparedRun, Flip, MetricComparison, MetricRole, Overlap, RunComparison, SubjectOfMetric,
    WorstCase,
};
pub use side::ComparedScores;
