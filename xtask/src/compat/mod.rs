//! `cargo xtask compat`: what evalward makes of other tools' files, beside those tools themselves.

mod promptfoo;

use anyhow::Result;
use clap::Subcommand;

use crate::repository::Repository;

/// A tool to compare with.
#[derive(Debug, Subcommand)]
pub(crate) enum Compat {
    /// Ask promptfoo for its verdicts, and compare them with those that the tests expect
    Promptfoo {
        /// Write the verdicts instead.
        #[arg(long)]
        write: bool,
    },
}

pub(crate) fn run(repository: &Repository, what: &Compat) -> Result<()> {
    match what {
        Compat::Promptfoo { write } => promptfoo::run(repository, *write),
    }
}
