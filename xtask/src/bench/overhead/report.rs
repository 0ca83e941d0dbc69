//! The table of all tools, and the targets of evalward's own figures.

use anyhow::{Result, ensure};

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

/// A run with an empty cache takes at most so many times as long as its calls.
const MOST_TIMES_THE_BEST: f64 = 1.15;

/// The processor seconds of 1000 examples stay below this.
const MOST_PROCESSOR_SECONDS: f64 = 0.5;

/// A run of 1000 cached answers takes less than this.
const MOST_CACHED_SECONDS: f64 = 0.15;

/// The version is told in less than this.
const MOST_VERSION_SECONDS: f64 = 0.02;

/// Writes what was measured, and a row for each tool, as Markdown; the first is what the others are set against.
pub(super) fn table(rows: &[Row], setting: &Setting) -> String {
    let Setting { examples, concurrency, rounds, .. } = setting;
    let ideal = setting.ideal_seconds();
    let heading = format!(
        "- {examples} examples, a call of {LATENCY_MILLIS} ms each, {concurrency} at once: {ideal:.2} s at best; rounds: {rounds}\n\n\
         | what | judge | wall | times the best | CPU | times the first | peak memory | cached: wall | cached: CPU | calls made again | `--version` |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    let first = rows.first().and_then(|row| row.measured.as_ref());
    let first = first.map(|measured| median(processors(&measured.cold)));
    std::iter::once(heading).chain(rows.iter().map(|row| line(row, ideal, first))).collect()
}

/// Compares evalward's own figures with the targets.
pub(super) fn check_targets(measured: &Measured, setting: &Setting) -> Result<()> {
    let Measured { cold, cached, version_seconds, .. } = measured;
    let thousands = f64::from(setting.examples) / 1e3;
    let check = |what: &str, seconds: f64, limit: f64| -> Result<()> {
        ensure!(seconds <= limit, "{what} takes {seconds:.3} s; {limit:.3} s are the limit");
        Ok(())
    };
    check("a run", median(walls(cold)), setting.ideal_seconds() * MOST_TIMES_THE_BEST)?;
    let processor = median(processors(cold));
    check("the processor time of a run", processor, MOST_PROCESSOR_SECONDS * thousands)?;
    if let Some(cached) = cached {
        check("a cached run", median(walls(cached)), MOST_CACHED_SECONDS * thousands)?;
    }
    check("`--version`", median(version_seconds.clone()), MOST_VERSION_SECONDS)
}

fn line(row: &Row, ideal: f64, first: Option<f64>) -> String {
    let Row { what, judge, measured } = row;
    let Some(measured) = measured else {
        return format!("| {what} | {judge} | not measured |{}\n", " |".repeat(8));
    };
    let Measured { cold, cached, repeated_calls, version_seconds } = measured;
    let times = median(walls(cold)) / ideal;
    let times_first = first.map_or_else(
        || ABSENT.to_owned(),
        |first| format!("{:.1}", median(processors(cold)) / first),
    );
    let peak = cold.iter().map(|it| f64::from(it.peak_kib) * 1024.0 / 1e6).fold(0.0, f64::max);
    let of_cached = |figure: fn(&Runs) -> Vec<f64>| {
        cached.as_ref().map_or_else(|| ABSENT.to_owned(), |runs| spread(figure(runs)))
    };
    let repeated =
        cached.as_ref().map_or_else(|| ABSENT.to_owned(), |_| repeated_calls.to_string());
    format!(
        "| {what} | {judge} | {} | {times:.2} | {} | {times_first} | {peak:.0} MB | {} | {} | {repeated} | {} |\n",
        spread(walls(cold)),
        spread(processors(cold)),
        of_cached(walls),
        of_cached(processors),
        spread(version_seconds.clone())
    )
}

fn median(values: Vec<f64>) -> f64 {
    Spread::of(values).median
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
        let cold = "| tool 1 | j | 3.00 (2.00-4.00) s | 3.00 | 1.50 (1.00-2.00) s | 1.0 | 102 MB |";
        let cached = "500 (500-500) ms | 250 (250-250) ms | 7 | 20.0 (20.0-20.0) ms |";
        assert_eq!(lines[4], format!("{cold} {cached}"));
        assert_eq!(lines[5], format!("{cold} - | - | - | - |"));
        assert_eq!(lines[6], "| tool 1 | j | not measured | | | | | | | | |");
        let columns = |line: &str| line.matches('|').count();
        assert!(lines[2..].iter().all(|line| columns(line) == 12), "{table}");
    }

    #[test]
    fn targets_are_checked() {
        let (load_server, target) = (PathBuf::new(), PathBuf::new());
        let setting = Setting { examples: 1000, concurrency: 50, rounds: 1, load_server, target };
        let check = |wall: f64, processor: f64, cached: f64, version: f64| {
            let run = |wall| vec![Timed { wall, processor, peak_kib: 1 }];
            let (cold, cached) = (run(wall), Some(run(cached)));
            let version_seconds = vec![version];
            check_targets(&Measured { cold, cached, repeated_calls: 0, version_seconds }, &setting)
        };
        assert!(check(1.1, 0.4, 0.1, 0.01).is_ok());
        assert!(check(1.2, 0.4, 0.1, 0.01).is_err());
        assert!(check(1.1, 0.6, 0.1, 0.01).is_err());
        assert!(check(1.1, 0.4, 0.2, 0.01).is_err());
        assert!(check(1.1, 0.4, 0.1, 0.03).is_err());
    }
}
