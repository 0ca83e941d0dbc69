//! Tests of the reports through the public API.
#![cfg(test)]

mod audits;
mod behaviour;
mod history;
mod html;
mod overall;
mod snapshots;
mod support;
