//! How much processor time the statistics take, beside the reference libraries in the same run.

mod cases;
mod compare;
mod reference;
mod report;
mod side;

pub(super) use report::run;
