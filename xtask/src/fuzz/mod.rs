//! `cargo xtask fuzz`: feeds the parsers and metrics what nobody would write.

mod command;

pub(crate) use command::{FuzzArgs, run};
