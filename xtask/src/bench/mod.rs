//! `cargo xtask bench`: measures what the documentation promises.

mod beside;
mod command;
mod document;
mod duplicates;
mod ingest;
mod load;
mod machine;
mod material;
mod measure;
mod memory;
mod metrics;
mod overhead;
mod processor;
mod side;
mod similarity;
mod spans;
mod spread;
mod stats;

pub(crate) use command::{Bench, run};
pub(crate) use document::rewrite;
