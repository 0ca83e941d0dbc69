//! The conformance suite: what holds of a store, on SQLite and on PostgreSQL.
#![cfg(test)]

mod alerts;
mod calibrations;
mod candidates;
mod details;
mod feedback;
mod ingest;
mod keys;
mod opening;
mod patterns;
mod queue;
mod recount;
mod run_scores;
mod runs;
mod support;
