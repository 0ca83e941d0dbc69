//! `cargo xtask sim`: shows by simulation, and on real scores, how often verdicts are wrong.

mod command;
mod correction;
mod document;
mod gate;
mod grid;
mod lesson;
mod material;
mod measure;
mod random;
mod real;
mod scores;
mod support;

pub(crate) use command::{Sim, run};
