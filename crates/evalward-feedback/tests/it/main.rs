//! The crate through its entry points: failures and fingerprints, review, promotion into a real dataset.
#![cfg(test)]

mod failures;
mod masking;
mod promotion;
mod review;
mod support;
