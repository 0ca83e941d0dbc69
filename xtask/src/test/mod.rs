//! `cargo xtask test`: every test, on a machine that has nothing but Rust.
//!
//! What tests need from outside is installed where it is missing and handed to them by environment variables. A test that finds
//! no variable starts its own service, so that single tests run without this command too.

mod command;
mod python;
mod system;

pub(crate) use command::run;
pub(crate) use system::{ensure_postgres, ensure_python};
