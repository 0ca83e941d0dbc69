//! `cargo xtask fuzz`: feeds the parsers and metrics what nobody would write.

mod command;
mod stretch;
mod targets;

pub(crate) use command::{FuzzArgs, check, run};
pub(crate) use targets::{Target, read};
