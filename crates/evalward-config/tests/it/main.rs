//! Tests of suite and monitor files through the public API: what people read when something is wrong, and that nothing ever panics.
#![cfg(test)]

mod cautions;
mod gates;
mod keys;
mod layers;
mod loosened;
mod metrics;
mod monitor;
mod monitor_mistakes;
mod mutations;
mod subjects;
mod support;
mod values;
mod variants;
