//! Tests of the built program, from outside: its arguments, its way from start to drain, and what it stores.
#![cfg(test)]

mod outage;
mod program;
mod review;
mod serving;
mod support;
