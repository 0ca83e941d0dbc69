//! How much processor time the statistics take, beside the reference libraries in the same run.

mod cases;
mod compare;
mod reference;
mod report;

pub(super) use report::run;
