//! The comparison of two runs of a suite.

mod outcome;

pub use outcome::{
    ComparedRun, Flip, MetricComparison, MetricRole, Overlap, RunComparison, SubjectOfMetric,
    WorstCase,
};
