//! The edge of the monitor: the only place that reads arguments, environment, signals and the terminal.

mod args;
mod check_config;
mod error;
mod key;
mod run;
mod serve;

pub(crate) use run::main;
