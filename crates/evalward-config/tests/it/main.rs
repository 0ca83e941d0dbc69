//! Tests of suite files through the public API: what people read when something is wrong, and that nothing ever panics.
#![cfg(test)]

mod keys;
mod layers;
mod mutations;
mod subjects;
mod support;
mod values;
