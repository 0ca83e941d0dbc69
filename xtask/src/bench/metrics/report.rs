//! Measuring all cases, and the table of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::cases::{CASES, Case};
use super::reference::Reference;
use crate::bench::side::{self, Side};
use crate::bench::spread::{Spread, cell};
use crate::bench::{document, machine};
use crate::console::say;
use crate::repository::Repository;

/// Where real pairs of texts are.
const PAIRS: &str = "crates/evalward-metrics/tests/fixtures/text/pairs.jsonl";

/// How long both texts of a measured pair are.
const CHARACTERS: std::ops::RangeInclusive<usize> = 150..=240;

/// How often each side measures each case, in turns.
const ROUNDS: usize = 7;

/// How far the sums of values of both sides may differ, relative to the reference.
const TOLERANCE: f64 = 1e-9;

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
    say("building the benchmark");
    let ours = side::build(&shell, "evalward-metrics")?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pairs.json");
    let pairs = pairs(&repository.root().join(PAIRS))?;
    fs::write(&path, serde_json::to_string(&pairs)?)?;
    let mut command = Command::new(ours);
    command.arg(&path);
    let mut sides = (Side::start(command)?, Side::start(reference.command(&path))?);
    let mut rows = Vec::new();
    for case in CASES {
        let row = measure(case, &mut sides)?;
        say(&format!("{}: {:.1} times less", case.what, row.ratio()));
        rows.push(row);
    }
    drop(sides);
    let table = format!("{}\n\n{}", describe(&pairs), table(&rows));
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n{table}", machine::describe(&shell)?);
        document::rewrite(&repository.root().join(document::PATH), "metrics", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    check_targets(&rows)
}

/// Reads the real pairs whose texts have the right length.
fn pairs(path: &Path) -> Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Line {
        output: String,
        references: Vec<String>,
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let mut pairs = Vec::new();
    for line in text.lines() {
        let Line { output, references } = serde_json::from_str(line)?;
        let reference = references.into_iter().next().unwrap_or_default();
        if [&output, &reference].iter().all(|text| CHARACTERS.contains(&text.chars().count())) {
            pairs.push((output, reference));
        }
    }
    Ok(pairs)
}

fn describe(pairs: &[(String, String)]) -> String {
    let characters: usize =
        pairs.iter().map(|(left, right)| left.chars().count() + right.chars().count()).sum();
    format!(
        "- {} pairs of texts of {} characters on average",
        pairs.len(),
        characters / (2 * pairs.len()).max(1)
    )
}

fn measure(case: &Case, (ours, reference): &mut (Side, Side)) -> Result<Row> {
    let (mut our_seconds, mut reference_seconds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mine, theirs) = (ours.measure(case.name)?, reference.measure(case.name)?);
        ensure!(
            (mine.value - theirs.value).abs() <= TOLERANCE * theirs.value.abs(),
            "{}: {} here, {} by the reference",
            case.what,
            mine.value,
            theirs.value
        );
        our_seconds.push(mine.seconds);
        reference_seconds.push(theirs.seconds);
    }
    let (ours, reference) = (Spread::of(our_seconds), Spread::of(reference_seconds));
    Ok(Row { case: *case, ours, reference })
}

fn table(rows: &[Row]) -> String {
    let heading = "| what | reference | CPU of the reference | CPU here | ratio | target |\n\
                   |---|---|---:|---:|---:|---:|\n"
        .to_owned();
    let row = |row: &Row| {
        let Case { what, reference, target, .. } = row.case;
        let (theirs, ours) = (cell(row.reference), cell(row.ours));
        format!("| {what} | {reference} | {theirs} | {ours} | {:.1} | {target:.0} |\n", row.ratio())
    };
    std::iter::once(heading).chain(rows.iter().map(row)).collect()
}

fn check_targets(rows: &[Row]) -> Result<()> {
    let missed: Vec<String> = rows
        .iter()
        .filter(|row| row.ratio() < row.case.target)
        .map(|row| format!("{}: {:.1} times less", row.case.what, row.ratio()))
        .collect();
    ensure!(missed.is_empty(), "targets are missed: {}", missed.join("; "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: f64) -> Row {
        let spread = |median: f64| Spread { least: median * 0.9, median, most: median * 1.1 };
        Row { case: CASES[0], ours: spread(ours), reference: spread(50e-6) }
    }

    #[test]
    fn targets_are_checked() {
        assert!(check_targets(&[row(0.9e-6)]).is_ok());
        assert!(check_targets(&[row(1.1e-6)]).is_err());
    }

    #[test]
    fn the_table_has_a_row_for_each_case() {
        let table = table(&[row(1e-6)]);
        assert!(
            table.contains("| 50.0 (45.0-55.0) us | 1.00 (0.90-1.10) us | 50.0 | 50 |"),
            "{table}"
        );
    }
}
