//! `cargo xtask codegen`: documentation that is made from the program itself.

mod cli_reference;
mod command;
mod evalward;
mod files;
mod schemas;

pub(crate) use command::{CodegenArgs, run};
