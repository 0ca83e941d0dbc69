//! `cargo xtask bench`: measures what the documentation promises.

mod command;
mod document;
mod machine;
mod material;
mod measure;
mod memory;

pub(crate) use command::{Bench, run};
