//! The conformance suite: what holds of a store, on SQLite and on PostgreSQL.

mod queue;
mod support;
