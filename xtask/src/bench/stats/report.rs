//! Measuring all cases, and the table of it.

use std::process::Command;

use anyhow::{Result, ensure};

use super::cases::CASES;
use super::compare::{self, Compared};
use super::reference::Reference;
use crate::bench::side::{self, Side};
use crate::bench::spread::{Spread, cell};
use crate::bench::{beside, document, machine};
use crate::console::say;
use crate::repository::{Profile, Repository};

/// How often each side measures each case, in turns.
const ROUNDS: usize = 5;

/// Comparing two runs of 100,000 examples takes at most this wall time.
const MOST_COMPARE_SECONDS: f64 = 2.0;

/// Measures, compares with the targets, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, write: bool) -> Result<()> {
    let shell = repository.shell()?;
    let reference = Reference::install(&shell, &repository.target()?)?;
    say("building the benchmark and the release binary");
    let ours = side::build(&shell, "evalward-stats")?;
    let evalward = repository.build_evalward(Profile::Release)?;
    let folder = tempfile::tempdir()?;
    reference.prepare(&shell, folder.path())?;
    let mut command = Command::new(ours);
    command.arg(folder.path());
    let sides = (Side::start(command)?, Side::start(reference.command(folder.path()))?);
    let rows = beside::measure_all(CASES, sides, ROUNDS)?;
    let compared = compare::measure(&evalward, ROUNDS)?;
    let table = format!("{}{}", beside::table(&rows), describe(&compared));
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n\n{table}", machine::describe(&shell)?);
        document::rewrite(&repository.root().join(document::PATH), "stats", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    beside::check_targets(&rows)?;
    check_time(&compared)
}

fn describe(compared: &[Compared]) -> String {
    let wall = Spread::of(compared.iter().map(|it| it.wall).collect());
    let processor = Spread::of(compared.iter().map(|it| it.processor).collect());
    format!(
        "\n`evalward compare` of two runs of 100,000 examples with three metrics: {} wall, {} CPU; \
         the target is {MOST_COMPARE_SECONDS:.0} s.\n",
        cell(wall),
        cell(processor)
    )
}

fn check_time(compared: &[Compared]) -> Result<()> {
    let wall = Spread::of(compared.iter().map(|it| it.wall).collect()).median;
    ensure!(wall <= MOST_COMPARE_SECONDS, "a comparison takes {wall:.1} s");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_comparison_is_checked() {
        let compared = |wall: f64| [Compared { wall, processor: 1.0 }];
        assert!(check_time(&compared(1.0)).is_ok());
        assert!(check_time(&compared(3.0)).is_err());
    }
}
