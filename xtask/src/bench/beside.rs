//! Cases that two sides measure in turns, and the table of their ratios.

use anyhow::{Result, ensure};

use super::side::Side;
use super::spread::{Spread, cell};
use crate::console::say;

/// A call that both sides make on the same data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// The name that both sides know it by.
    pub(super) name: &'static str,
    /// What is computed.
    pub(super) what: &'static str,
    /// What the reference is.
    pub(super) reference: &'static str,
    /// At least so many times less processor time than the reference, where there is a target.
    pub(super) target: Option<f64>,
    /// How far the values of both sides may differ, relative to the reference; absent where each draws its own resamples.
    pub(super) tolerance: Option<f64>,
}

/// What a case came to.
#[derive(Debug)]
pub(super) struct Row {
    case: Case,
    ours: Spread,
    reference: Spread,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.reference.median / self.ours.median
    }
}

/// Measures each case `rounds` times on either side, ours first.
pub(super) fn measure_all(
    cases: &[Case],
    mut sides: (Side, Side),
    rounds: usize,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for case in cases {
        let row = measure(case, &mut sides, rounds)?;
        say(&format!("{}: {:.1} times less", case.what, row.ratio()));
        rows.push(row);
    }
    Ok(rows)
}

fn measure(case: &Case, (ours, reference): &mut (Side, Side), rounds: usize) -> Result<Row> {
    let (mut our_seconds, mut reference_seconds) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
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

/// Writes the rows as a Markdown table.
pub(super) fn table(rows: &[Row]) -> String {
    let heading = "| what | reference | CPU of the reference | CPU here | ratio | target |\n\
                   |---|---|---:|---:|---:|---:|\n"
        .to_owned();
    let row = |row: &Row| {
        let Case { what, reference, target, .. } = row.case;
        let target = target.map_or_else(|| "-".to_owned(), |target| format!("{target:.0}"));
        let (theirs, ours) = (cell(row.reference), cell(row.ours));
        format!("| {what} | {reference} | {theirs} | {ours} | {:.1} | {target} |\n", row.ratio())
    };
    std::iter::once(heading).chain(rows.iter().map(row)).collect()
}

/// Fails where a row misses its target.
pub(super) fn check_targets(rows: &[Row]) -> Result<()> {
    let missed: Vec<String> = rows
        .iter()
        .filter(|row| row.case.target.is_some_and(|target| row.ratio() < target))
        .map(|row| format!("{}: {:.1} times less", row.case.what, row.ratio()))
        .collect();
    ensure!(missed.is_empty(), "targets are missed: {}", missed.join("; "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: f64, target: Option<f64>) -> Row {
        let spread = |median: f64| Spread { least: median * 0.9, median, most: median * 1.1 };
        let case = Case { name: "c", what: "w", reference: "r", target, tolerance: None };
        Row { case, ours: spread(ours), reference: spread(50e-6) }
    }

    #[test]
    fn targets_are_checked() {
        assert!(check_targets(&[row(0.9e-6, Some(50.0))]).is_ok());
        assert!(check_targets(&[row(1.1e-6, None)]).is_ok());
        assert!(check_targets(&[row(0.9e-6, None), row(1.1e-6, Some(50.0))]).is_err());
    }

    #[test]
    fn the_table_has_a_row_for_each_case() {
        let table = table(&[row(1e-6, Some(50.0)), row(1e-6, None)]);
        let figures = "| w | r | 50.0 (45.0-55.0) us | 1.00 (0.90-1.10) us | 50.0 ";
        assert!(table.contains(&format!("{figures}| 50 |\n{figures}| - |\n")), "{table}");
    }
}
