//! The table of all tools.

use super::measured::{Measured, Runs};
use super::suite::{LATENCY_MILLIS, Setting};
use super::timed::Timed;
use crate::bench::spread::{Spread, cell};

/// A tool in the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The tool and its version.
    pub(super) what: String,
    /// How it judges.
    pub(super) judge: String,
    /// What it came to; absent where it could not be measured.
    pub(super) measured: Option<Measured>,
}

/// What stands where nothing was measured.
const ABSENT: &str = "-";

/// Writes what was measured, and a row for each tool, as Markdown.
pub(super) fn table(rows: &[Row], setting: &Setting) -> String {
    let Setting { examples, concurrency, rounds, .. } = setting;
    let ideal = setting.ideal_seconds();
    let heading = format!(
        "- {examples} examples, a call of {LATENCY_MILLIS} ms each, {concurrency} at once: {ideal:.2} s at best; rounds: {rounds}\n\n\
         | what | judge | wall | times the best | CPU | peak memory | cached: wall | cached: CPU | calls made again | `--version` |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    std::iter::once(heading).chain(rows.iter().map(|row| line(row, ideal))).collect()
}

fn line(row: &Row, ideal: f64) -> String {
    let Row { what, judge, measured } = row;
    let Some(measured) = measured else {
        return format!("| {what} | {judge} | not measured |{}\n", " |".repeat(7));
    };
    let Measured { cold, cached, repeated_calls, version_seconds } = measured;
    let times = Spread::of(walls(cold)).median / ideal;
    let peak = cold.iter().map(|it| f64::from(it.peak_kib) * 1024.0 / 1e6).fold(0.0, f64::max);
    let of_cached = |figure: fn(&Runs) -> Vec<f64>| {
        cached.as_ref().map_or_else(|| ABSENT.to_owned(), |runs| spread(figure(runs)))
    };
    let repeated =
        cached.as_ref().map_or_else(|| ABSENT.to_owned(), |_| repeated_calls.to_string());
    format!(
        "| {what} | {judge} | {} | {times:.2} | {} | {peak:.0} MB | {} | {} | {repeated} | {} |\n",
        spread(walls(cold)),
        spread(processors(cold)),
        of_cached(walls),
        of_cached(processors),
        spread(version_seconds.clone())
    )
}

fn walls(runs: &Runs) -> Vec<f64> {
    runs.iter().map(|run: &Timed| run.wall).collect()
}

fn processors(runs: &Runs) -> Vec<f64> {
    runs.iter().map(|run| run.processor).collect()
}

fn spread(values: Vec<f64>) -> String {
    if values.is_empty() { ABSENT.to_owned() } else { cell(Spread::of(values)) }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn runs(walls: &[f64]) -> Runs {
        let run = |&wall| Timed { wall, processor: wall / 2.0, peak_kib: 100_000 };
        walls.iter().map(run).collect()
    }

    #[test]
    fn the_table_has_a_row_for_each_tool() {
        let row = |measured| Row { what: "tool 1".to_owned(), judge: "j".to_owned(), measured };
        let complete = Measured {
            cold: runs(&[2.0, 4.0, 3.0]),
            cached: Some(runs(&[0.5])),
            repeated_calls: 7,
            version_seconds: vec![0.02],
        };
        let short = Measured { cached: None, version_seconds: Vec::new(), ..complete.clone() };
        let (load_server, target) = (PathBuf::new(), PathBuf::new());
        let setting = Setting { examples: 1000, concurrency: 50, rounds: 3, load_server, target };
        let table = table(&[row(Some(complete)), row(Some(short)), row(None)], &setting);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines[0],
            "- 1000 examples, a call of 50 ms each, 50 at once: 1.00 s at best; rounds: 3"
        );
        let cold = "| tool 1 | j | 3.00 (2.00-4.00) s | 3.00 | 1.50 (1.00-2.00) s | 102 MB |";
        let cached = "500 (500-500) ms | 250 (250-250) ms | 7 | 20.0 (20.0-20.0) ms |";
        assert_eq!(lines[4], format!("{cold} {cached}"));
        assert_eq!(lines[5], format!("{cold} - | - | - | - |"));
        assert_eq!(lines[6], "| tool 1 | j | not measured | | | | | | | |");
        let columns = |line: &str| line.matches('|').count();
        assert!(lines[2..].iter().all(|line| columns(line) == 11), "{table}");
    }
}
