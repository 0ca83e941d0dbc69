//! `cargo xtask ci`: everything that must hold before a change is merged.

use std::path::Path;

use anyhow::{Result, bail};
use xshell::cmd;

use crate::chaos::{Chaos, ChaosArgs, RunsArgs};
use crate::codegen::CodegenArgs;
use crate::console::{Stopwatch, say, seconds};
use crate::repository::{Profile, Repository};
use crate::vacuity::VacuityArgs;
use crate::{chaos, codegen, demo, fuzz, judge_fuzz, test, tidy, vacuity};

/// A step: its name and what it does.
type Step = (&'static str, fn(&Repository) -> Result<()>);

const STEPS: &[Step] = &[
    ("format", format),
    ("tidy", tidy::run),
    ("codegen --check", |repository| codegen::run(repository, &CodegenArgs { check: true })),
    ("clippy", clippy),
    ("test", test::run),
    ("doc", doc),
    ("fuzz targets compile", fuzz::check),
    ("example suites", example_suites),
    ("vacuity", |repository| vacuity::run(repository, &VacuityArgs::default())),
    ("judge-fuzz", judge_fuzz::run),
    ("chaos ingest", |repository| chaos::run(repository, &Chaos::Ingest(ChaosArgs::quick()))),
    ("chaos runs", |repository| chaos::run(repository, &Chaos::Runs(RunsArgs::quick()))),
    ("demo-loop", demo::run),
];

/// The suites that ship as examples, and the exit code that each must have.
const EXAMPLE_SUITES: &[(&str, i32)] = &[
    ("examples/support/evalward.toml", 0),
    ("examples/support/broken.toml", 1),
    // A small model invents things; its answers are replayed.
    ("examples/support/model.toml", 1),
    // A metric that is a program in Python.
    ("examples/custom-metric/evalward.toml", 0),
    ("examples/judges/evalward.toml", 1),
    ("examples/judges/calibrated.toml", 3),
];

/// Runs the steps one after the other; the first that fails ends it.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let total = Stopwatch::start();
    for (index, (name, step)) in STEPS.iter().enumerate() {
        let label = format!("[{}/{}] {name}", index + 1, STEPS.len());
        say(&format!("{label} ..."));
        let stopwatch = Stopwatch::start();
        let result = step(repository);
        let time = seconds(stopwatch.elapsed());
        match result {
            Ok(()) => say(&format!("{label}: ok ({time})")),
            Err(error) => {
                say(&format!("{label}: FAILED ({time})"));
                return Err(error.context(format!("step `{name}` failed")));
            }
        }
    }
    say(&format!("ci: all {} steps passed in {}", STEPS.len(), seconds(total.elapsed())));
    Ok(())
}

fn format(repository: &Repository) -> Result<()> {
    let shell = repository.shell()?;
    cmd!(shell, "cargo fmt --all --check").quiet().run()?;
    shell.change_dir("fuzz");
    Ok(cmd!(shell, "cargo fmt --check").quiet().run()?)
}

fn clippy(repository: &Repository) -> Result<()> {
    let shell = repository.shell()?;
    Ok(cmd!(shell, "cargo clippy --quiet --workspace --all-targets -- -D warnings")
        .quiet()
        .run()?)
}

fn doc(repository: &Repository) -> Result<()> {
    let shell = repository.shell()?;
    let doc = cmd!(shell, "cargo doc --quiet --workspace --no-deps").quiet();
    Ok(doc.env("RUSTDOCFLAGS", "-Dwarnings").run()?)
}

fn example_suites(repository: &Repository) -> Result<()> {
    let evalward = repository.build_evalward(Profile::Dev)?;
    let runs = tempfile::tempdir()?;
    for (suite, expected) in EXAMPLE_SUITES {
        run_suite(repository, &evalward, suite, runs.path(), *expected)?;
    }
    let shell = repository.shell()?;
    let example = cmd!(shell, "cargo run --quiet --package evalward --example custom_metric");
    example.quiet().ignore_stdout().run()?;
    say("cargo run --package evalward --example custom_metric: as expected");
    Ok(())
}

fn run_suite(
    repository: &Repository,
    evalward: &Path,
    suite: &str,
    runs: &Path,
    expected: i32,
) -> Result<()> {
    let shell = repository.shell()?;
    let command = cmd!(shell, "{evalward} --runs-dir {runs} run {suite}").quiet().ignore_status();
    let output = command.output()?;
    let code = output.status.code();
    if code != Some(expected) {
        say(&String::from_utf8_lossy(&output.stdout));
        say(&String::from_utf8_lossy(&output.stderr));
        let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        bail!("`evalward run {suite}` ended with {code}, expected {expected}");
    }
    say(&format!("evalward run {suite}: {expected}, as expected"));
    Ok(())
}
