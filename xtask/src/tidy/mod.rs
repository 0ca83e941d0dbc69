//! `cargo xtask tidy`: the rules of this repository that no other tool knows.
//!
//! Each check is an ordinary function from text to findings, so that its tests need no repository. All findings are shown
//! together, each with its place.

mod edges;
mod files;
mod finding;
mod fuzz;
mod manifests;
mod migrations;
mod rust;
mod words;

mod command;

pub(crate) use command::run;
