//! How often a suite's gates would block a change that changed nothing, and miss a real drop.
//!
//! Stored runs of an unchanged subject are taken apart into examples with the trials that were seen of each. Runs that never
//! happened, but might have, are put together from them and pass through [`Fold`](crate::Fold), as every run does: there is
//! no second decision that could differ from the first.

mod certificate;
mod draw;
mod observed;

pub use certificate::{
    Certificate, CertifyError, CertifyOptions, GateShare, PlantedDrop, Share, Shares, certify,
};
pub use observed::{Observed, Unstable};
