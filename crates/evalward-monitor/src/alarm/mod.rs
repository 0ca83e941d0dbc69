//! Alarms: what is wrong at once, what is wrong over a period, and when it no longer is.
//!
//! A failed constraint, a hallucination and a recurred pattern are signalled with the evaluation that shows them ([`immediate`],
//! [`recurred`]); a pass rate is looked at by the [`Watcher`], which also resolves. What is decided is decided by pure functions
//! over what the store holds, so that a restart forgets nothing.

mod decision;
mod rules;
mod signal;
mod watcher;
mod words;

pub(crate) use rules::{
    AlarmKind, AlarmRule, AlarmRules, FailedConstraint, Hallucination, PassRate,
};
pub(crate) use signal::{immediate, recurred};
pub(crate) use watcher::{WatchOptions, Watcher};
pub(crate) use words::{severity_word, state_word};
