//! The command: what to simulate.

use anyhow::Result;
use clap::Subcommand;

use super::correction::{self, CorrectionArgs};
use super::gate::{self, GateArgs};
use super::real::{self, RealArgs};
use super::support::{self, SupportArgs};
use crate::repository::Repository;

/// The simulations.
#[derive(Debug, Subcommand)]
pub(crate) enum Sim {
    /// How often verdicts ship a drop of the margin or block what did not change
    Gate(GateArgs),
    /// How often figures of a biased judge, alone and corrected by labels, cover the truth
    Correction(CorrectionArgs),
    /// The verdicts between real systems, and between a system and itself
    Real(RealArgs),
    /// How well `support` tells attributable answers from others
    Support(SupportArgs),
}

/// Simulates.
pub(crate) fn run(repository: &Repository, what: &Sim) -> Result<()> {
    match what {
        Sim::Gate(args) => gate::run(repository, *args),
        Sim::Correction(args) => correction::run(*args),
        Sim::Real(args) => real::run(repository, *args),
        Sim::Support(args) => support::run(repository, args),
    }
}
