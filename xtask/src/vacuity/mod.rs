//! `cargo xtask vacuity`: no broken or empty suite may pass.
//!
//! The cases are the files in `xtask/src/vacuity/cases`. Each starts from a suite that works, breaks one thing, and says with which exit
//! code and message evalward must refuse; its twin, the same suite without the break, must pass. So a case can neither be
//! refused for another reason than the one it is about, nor rot into a suite that always fails.

mod case;
mod command;
mod outcome;
mod server;
mod stage;

pub(crate) use command::{VacuityArgs, run};
