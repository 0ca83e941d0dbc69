//! Comparing two runs of many examples.

use std::fs;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::bench::{material, processor};
use crate::console::{Stopwatch, say};
use crate::program::watch;

/// The examples of each run.
const EXAMPLES: u32 = 100_000;

/// The longest that a command may take.
const LIMIT: Duration = Duration::from_mins(10);

/// What a comparison took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    /// The wall time in seconds.
    pub(super) wall: f64,
    /// The processor time in seconds.
    pub(super) processor: f64,
}

/// Makes two runs in a temporary folder and compares them a few times.
pub(super) fn measure(evalward: &Path, rounds: usize) -> Result<Vec<Compared>> {
    let folder = tempfile::tempdir()?;
    material::write(folder.path(), EXAMPLES)?;
    say("making two runs of 100000 examples");
    run(evalward, folder.path(), &["run", "evalward.toml", "--quiet"])?;
    worsen(&folder.path().join("responses.jsonl"))?;
    run(evalward, folder.path(), &["run", "evalward.toml", "--quiet"])?;
    let mut runs: Vec<String> = fs::read_dir(folder.path().join(".evalward/runs"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    runs.sort_unstable();
    ensure!(runs.len() >= 2, "two runs were made, but {} are stored", runs.len());
    let of = |index: usize| runs[index].as_str();
    (0..rounds).map(|_| run(evalward, folder.path(), &["compare", of(0), of(1)])).collect()
}

/// Changes a hundredth of the responses.
fn worsen(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let change = |(number, line): (usize, &str)| {
        let line = if number % 100 == 0 {
            line.replace("within one day", "at last")
        } else {
            line.to_owned()
        };
        line + "\n"
    };
    Ok(fs::write(path, text.lines().enumerate().map(change).collect::<String>())?)
}

fn run(evalward: &Path, folder: &Path, arguments: &[&str]) -> Result<Compared> {
    let output = File::create(folder.join("output.txt"))?;
    let mut command = Command::new(evalward);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let stopwatch = Stopwatch::start();
    let mut child = command.spawn()?;
    let (id, mut processor) = (child.id(), 0.0);
    let ended = watch(&mut child, LIMIT, || {
        if let Ok(seconds) = processor::seconds_of(id) {
            processor = f64::max(processor, seconds);
        }
    })?;
    let wall = stopwatch.elapsed().as_secs_f64();
    let code = ended.code().context("the command was ended by a signal")?;
    // 0, 1 and 4 are verdicts; anything else is a command that did not work.
    if !matches!(code, 0 | 1 | 4) {
        let text = fs::read_to_string(folder.join("output.txt"))?;
        ensure!(code == 0, "`{}` ended with {code}:\n{text}", arguments.join(" "));
    }
    Ok(Compared { wall, processor })
}
