//! Tests of the built program, from outside: its arguments, its way from start to drain, and what it stores.
#![cfg(test)]

mod judging;
mod outage;
mod program;
mod python_client;
mod review;
mod serving;
mod support;
mod weighted_windows;
