//! How much processor time the metrics of texts take, beside the reference implementations in the same run.

mod cases;
mod embeddings;
mod reference;
mod report;

pub(super) use report::run;
