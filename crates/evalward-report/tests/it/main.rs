//! Tests of the reports through the public API.
#![cfg(test)]

mod behaviour;
mod snapshots;
mod support;
