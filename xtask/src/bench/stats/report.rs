//! Measuring all cases, and the table of it.

use std::process::Command;

use anyhow::{Result, ensure};

use super::cases::{CASES, Case};
use super::compare::{self, Compared};
use super::reference::Reference;
use crate::bench::side::{self, Side};
use crate::bench::spread::{Spread, cell};
use crate::bench::{document, machine};
use crate::console::say;
use crate::repository::{Profile, Repository};

/// How often each side measures each case, in turns.
const ROUNDS: usize = 5;

/// Comparing two runs of 100,000 examples takes at most this wall time.
const MOST_COMPARE_SECONDS: f64 = 2.0;

/// What a case came to.
#[derive(Debug)]
struct Row {
    case: Case,
    ours: Spread,
    reference: Spread,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.reference.median / self.ours.median
    }
}

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
    let mut sides = (Side::start(command)?, Side::start(reference.command(folder.path()))?);
    let mut rows = Vec::new();
    for case in CASES {
        let row = measure(case, &mut sides)?;
        say(&format!("{}: {:.1} times less", case.what, row.ratio()));
        rows.push(row);
    }
    drop(sides);
    let compared = compare::measure(&evalward, ROUNDS)?;
    let table = table(&rows, &compared);
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n\n{table}", machine::describe(&shell)?);
        document::rewrite(&repository.root().join(document::PATH), "stats", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    check_targets(&rows, &compared)
}

fn measure(case: &Case, (ours, reference): &mut (Side, Side)) -> Result<Row> {
    let (mut our_seconds, mut reference_seconds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mine, theirs) = (ours.measure(case.name)?, reference.measure(case.name)?);
        if let Some(tolerance) = case.tolerance {
            ensure!(
                (mine.value - theirs.value).abs() <= tolerance * theirs.value.abs(),
                "{}: {} here, {} by the reference",
                case.what,
                mine.value,
                theirs.value
            );
        }
        our_seconds.push(mine.seconds);
        reference_seconds.push(theirs.seconds);
    }
    let (ours, reference) = (Spread::of(our_seconds), Spread::of(reference_seconds));
    Ok(Row { case: *case, ours, reference })
}

fn table(rows: &[Row], compared: &[Compared]) -> String {
    let heading = "| what | reference | CPU of the reference | CPU here | ratio | target |\n\
                   |---|---|---:|---:|---:|---:|\n"
        .to_owned();
    let row = |row: &Row| {
        let target =
            row.case.target.map_or_else(|| "-".to_owned(), |target| format!("{target:.0}"));
        format!(
            "| {} | {} | {} | {} | {:.1} | {target} |\n",
            row.case.what,
            row.case.reference,
            cell(row.reference),
            cell(row.ours),
            row.ratio()
        )
    };
    let wall = Spread::of(compared.iter().map(|it| it.wall).collect());
    let processor = Spread::of(compared.iter().map(|it| it.processor).collect());
    let last = format!(
        "\n`evalward compare` of two runs of 100,000 examples with three metrics: {} wall, {} CPU; \
         the target is {MOST_COMPARE_SECONDS:.0} s.\n",
        cell(wall),
        cell(processor)
    );
    std::iter::once(heading).chain(rows.iter().map(row)).chain([last]).collect()
}

fn check_targets(rows: &[Row], compared: &[Compared]) -> Result<()> {
    let missed: Vec<String> = rows
        .iter()
        .filter(|row| row.case.target.is_some_and(|target| row.ratio() < target))
        .map(|row| format!("{}: {:.1} times less", row.case.what, row.ratio()))
        .collect();
    ensure!(missed.is_empty(), "targets are missed: {}", missed.join("; "));
    let wall = Spread::of(compared.iter().map(|it| it.wall).collect()).median;
    ensure!(wall <= MOST_COMPARE_SECONDS, "a comparison takes {wall:.1} s");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: f64) -> Row {
        let spread = |median: f64| Spread { least: median * 0.9, median, most: median * 1.1 };
        Row { case: CASES[0], ours: spread(ours), reference: spread(0.25) }
    }

    fn compared(wall: f64) -> [Compared; 1] {
        [Compared { wall, processor: 1.0 }]
    }

    #[test]
    fn targets_are_checked() {
        assert!(check_targets(&[row(0.05)], &compared(1.0)).is_ok());
        assert!(check_targets(&[row(0.1)], &compared(1.0)).is_err());
        assert!(check_targets(&[row(0.05)], &compared(3.0)).is_err());
    }

    #[test]
    fn the_table_has_a_row_for_each_case() {
        let table = table(&[row(0.05)], &compared(1.0));
        assert!(table.contains("| 250 (225-275) ms | 50.0 (45.0-55.0) ms | 5.0 | 5 |"), "{table}");
    }
}
