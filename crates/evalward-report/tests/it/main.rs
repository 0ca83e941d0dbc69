//! Tests of the reports through the public API.
#![cfg(test)]

mod behaviour;
mod overall;
mod snapshots;
mod support;
