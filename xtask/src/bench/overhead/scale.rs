//! How a large run goes on: whether it keeps up with the model, and what it takes.

use anyhow::{Result, ensure};
use clap::Args;

use super::evalward;
use super::measured::{Measured, Runs};
use super::suite::{LATENCY_MILLIS, Setting};
use super::timed::Timed;
use crate::bench::spread::{Spread, cell};
use crate::bench::{document, machine};
use crate::console::say;
use crate::repository::{Profile, Repository};

/// A run with an empty cache takes at most so many times as long as its calls.
const MOST_TIMES_THE_BEST: f64 = 1.2;

/// A run of 100,000 cached answers takes less than this.
const MOST_CACHED_SECONDS: f64 = 6.0;

/// Either run stays below this.
const MOST_MEGABYTES: f64 = 150.0;

/// How much is measured.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ScaleArgs {
    /// The examples, each with one call of 50 ms.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// The calls at once.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: u32,
    /// How often it is measured.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
    #[arg(long)]
    write: bool,
}

/// Measures, writes the figures down where that is wanted, and compares with the targets.
pub(crate) fn run(repository: &Repository, args: ScaleArgs) -> Result<()> {
    say("building the release binaries, which takes minutes the first time");
    let setting = Setting::new(repository, args.examples, args.concurrency, args.rounds)?;
    let measured = evalward::measure(&repository.build_evalward(Profile::Release)?, &setting)?;
    let table = table(&measured, &setting);
    say(&format!("\n{table}"));
    if args.write {
        let section = format!("{}\n{table}", machine::describe(&repository.shell()?)?);
        document::rewrite(&repository.root().join(document::PATH), "scale", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    check_targets(&measured, &setting)
}

fn table(measured: &Measured, setting: &Setting) -> String {
    let Setting { examples, concurrency, rounds, .. } = setting;
    let ideal = setting.ideal_seconds();
    let mut table = format!(
        "- {examples} examples, a call of {LATENCY_MILLIS} ms each, {concurrency} at once: {ideal:.1} s at best; rounds: {rounds}\n\n\
         | run | wall | times the best | CPU | peak memory |\n|---|---:|---:|---:|---:|\n"
    );
    let times = format!("{:.2}", median(&measured.cold, |run| run.wall) / ideal);
    table += &line("every answer from the model", &measured.cold, &times);
    if let Some(cached) = &measured.cached {
        table += &line("every answer from the cache", cached, "-");
    }
    table
}

fn line(what: &str, runs: &Runs, times: &str) -> String {
    let cell = |figure: fn(&Timed) -> f64| cell(Spread::of(runs.iter().map(figure).collect()));
    format!(
        "| {what} | {} | {times} | {} | {:.0} MB |\n",
        cell(|run| run.wall),
        cell(|run| run.processor),
        peak_megabytes(runs)
    )
}

fn median(runs: &Runs, figure: fn(&Timed) -> f64) -> f64 {
    Spread::of(runs.iter().map(figure).collect()).median
}

fn peak_megabytes(runs: &Runs) -> f64 {
    runs.iter().map(|run| f64::from(run.peak_kib) * 1024.0 / 1e6).fold(0.0, f64::max)
}

fn check_targets(measured: &Measured, setting: &Setting) -> Result<()> {
    let limit = setting.ideal_seconds() * MOST_TIMES_THE_BEST;
    let wall = median(&measured.cold, |run| run.wall);
    ensure!(wall <= limit, "a run takes {wall:.1} s; {limit:.1} s are the limit");
    for runs in std::iter::once(&measured.cold).chain(&measured.cached) {
        let peak = peak_megabytes(runs);
        ensure!(peak < MOST_MEGABYTES, "{peak:.0} MB are taken; {MOST_MEGABYTES} MB are the limit");
    }
    if let Some(cached) = &measured.cached {
        let limit = MOST_CACHED_SECONDS * f64::from(setting.examples) / 1e5;
        let wall = median(cached, |run| run.wall);
        ensure!(wall < limit, "a cached run takes {wall:.1} s; {limit:.1} s are the limit");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn setting() -> Setting {
        let (load_server, target) = (PathBuf::new(), PathBuf::new());
        Setting { examples: 100_000, concurrency: 200, rounds: 1, load_server, target }
    }

    fn measured(cold: f64, cached: f64, peak_kib: u32) -> Measured {
        let runs = |wall| vec![Timed { wall, processor: 9.0, peak_kib }];
        let (cold, cached, version_seconds) = (runs(cold), Some(runs(cached)), Vec::new());
        Measured { cold, cached, repeated_calls: 0, version_seconds }
    }

    #[test]
    fn targets_are_checked() {
        assert!(check_targets(&measured(29.0, 5.0, 100_000), &setting()).is_ok());
        assert!(check_targets(&measured(31.0, 5.0, 100_000), &setting()).is_err());
        assert!(check_targets(&measured(29.0, 7.0, 100_000), &setting()).is_err());
        assert!(check_targets(&measured(29.0, 5.0, 150_000), &setting()).is_err());
    }

    #[test]
    fn the_table_has_a_row_for_each_run() {
        assert_eq!(
            table(&measured(27.5, 5.0, 100_000), &setting()),
            "- 100000 examples, a call of 50 ms each, 200 at once: 25.0 s at best; rounds: 1\n\n\
             | run | wall | times the best | CPU | peak memory |\n|---|---:|---:|---:|---:|\n\
             | every answer from the model | 27.5 (27.5-27.5) s | 1.10 | 9.00 (9.00-9.00) s | 102 MB |\n\
             | every answer from the cache | 5.00 (5.00-5.00) s | - | 9.00 (9.00-9.00) s | 102 MB |\n"
        );
    }
}
