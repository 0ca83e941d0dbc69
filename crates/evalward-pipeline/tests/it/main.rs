//! Tests of the runner through the public API, with scripted subjects and metrics.
#![cfg(test)]

mod breaking;
mod budgets;
mod concurrency;
mod outcomes;
mod preflights;
mod resuming;
mod stopping;
mod support;
