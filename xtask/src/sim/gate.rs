//! `cargo xtask sim gate`.

use std::fs;

use anyhow::{Context, Result};

use super::document::{Measured, page};
use super::grid::families;
use super::measure::{Standing, measure};
use super::random::Random;
use crate::console;
use crate::repository::Repository;

/// Where the figures are written.
const PATH: &str = "docs/statistics-simulation.md";

/// The arguments of `cargo xtask sim gate`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct GateArgs {
    /// The seed of all random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of samples of each cell, under either truth.
    #[arg(long, default_value_t = 4000)]
    samples: u32,
    /// Rewrite `docs/statistics-simulation.md`.
    #[arg(long)]
    write: bool,
}

/// Simulates all cells and tells which exceed the bound.
pub(super) fn run(repository: &Repository, args: GateArgs) -> Result<()> {
    let mut stream = 0;
    let mut measured = Vec::new();
    for family in families() {
        console::say(family.title);
        for (row, (_, material)) in family.rows.iter().enumerate() {
            for (column, n) in family.sizes.iter().enumerate() {
                stream += 1;
                let mut random = Random::new(args.seed, stream);
                let shares = measure(*material, *n, args.samples, &mut random)?;
                measured.push(Measured { family: family.title, row, column, shares });
            }
        }
    }
    let text = page(&families(), &measured, args.samples, args.seed);
    let count = |standing| {
        measured.iter().filter(|cell| cell.shares.standing(args.samples) == standing).count()
    };
    console::say(&format!(
        "{} cells: {} fine, {} inconclusive, {} exceed the bound",
        measured.len(),
        count(Standing::Fine),
        count(Standing::Inconclusive),
        count(Standing::Exceeds)
    ));
    if args.write {
        let path = repository.root().join(PATH);
        fs::write(&path, text).with_context(|| format!("failed to write `{PATH}`"))?;
        console::say(&format!("wrote {PATH}"));
    } else {
        console::say(&text);
    }
    Ok(())
}
