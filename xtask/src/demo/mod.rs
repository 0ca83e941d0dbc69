//! `cargo xtask demo-loop`: a production failure becomes a test, guards the fix, and is recognised when it returns.
//!
//! Everything is real and local: the example's assistant under traffic, a monitor, a webhook, and a clone of this repository
//! that the example is promoted into. Each step is told in a line or two and checked; the first that does not hold ends it.

mod assistant;
mod command;
mod monitored;
mod questions;
mod release_gate;
mod review;
mod scene;
mod telling;

pub(crate) use command::run;
