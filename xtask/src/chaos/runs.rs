//! A run that is killed again and again, and gone on with until it is done.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use evalward_core::Seed;
use evalward_loadserver::{Counters, LoadServer, Options};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::console::{Stopwatch, say, seconds};
use crate::repository::{Profile, Repository};

/// How large a run, and how often it is killed.
#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    /// How often the run is killed.
    #[arg(long, default_value_t = 20)]
    pub(crate) kills: u32,
    /// The number of examples.
    #[arg(long, default_value_t = 2000)]
    pub(crate) examples: u32,
    /// The seed of the moments; the machine's speed still varies what they meet.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl RunsArgs {
    /// Returns a small run with a few kills, for every change.
    pub(crate) const fn quick() -> Self {
        Self { kills: 5, examples: 500, seed: 1 }
    }
}

/// The calls under way at once.
const CONCURRENCY: u32 = 50;

/// How long each answer takes.
const LATENCY: Duration = Duration::from_millis(200);

/// How long an attempt lives, in milliseconds from its first new row.
const LIFE_MILLIS: std::ops::Range<u64> = 0..300;

/// Kills a run at random moments, goes on with it, and settles the account; anything lost or doubled is an error.
pub(super) fn run(repository: &Repository, args: &RunsArgs) -> Result<()> {
    let evalward = repository.build_evalward(Profile::Dev)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let options = Options { latency: LATENCY, ..Options::default() };
    let server = runtime.block_on(LoadServer::start(options))?;
    let folder = tempfile::tempdir()?;
    write_suite(folder.path(), server.address(), args.examples)?;
    let stopwatch = Stopwatch::start();
    let mut random = ChaCha8Rng::from_seed(Seed::from_number(args.seed).derive("runs").bytes());
    let mut killed = 0;
    while killed < args.kills {
        let before = server.counters().answered;
        let mut child = command(&evalward, folder.path(), killed > 0).spawn()?;
        while server.counters().answered == before && child.try_wait()?.is_none() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(random.random_range(LIFE_MILLIS)));
        ensure!(
            child.try_wait()?.is_none(),
            "the run ended before it was killed {} times: give it more examples",
            args.kills
        );
        child.kill()?;
        child.wait()?;
        killed += 1;
    }
    let status = command(&evalward, folder.path(), true).status()?;
    ensure!(status.success(), "the last attempt ended with {status}");
    let counters = server.counters();
    settle(folder.path(), args, killed, &counters)?;
    let again = counters.requests - u64::from(args.examples);
    say(&format!(
        "chaos runs: {} examples, killed {killed} times: each is in the results once; {again} of {} calls were made again, at most {} were under way ({})",
        args.examples,
        counters.requests,
        killed * CONCURRENCY,
        seconds(stopwatch.elapsed()),
    ));
    Ok(())
}

/// Without the cache, so that nothing but the run's own folder can keep what was done.
fn command(evalward: &Path, folder: &Path, resume: bool) -> Command {
    let mut command = Command::new(evalward);
    command.current_dir(folder).args(["--quiet", "run", "--no-cache"]).stdout(Stdio::null());
    if resume {
        command.arg("--resume");
    }
    command
}

fn write_suite(folder: &Path, address: &str, examples: u32) -> Result<()> {
    let dataset = folder.join("dataset");
    fs::create_dir(&dataset)?;
    fs::write(
        dataset.join("dataset.toml"),
        "name = \"chaos\"\ntask_type = \"question_answering\"\n",
    )?;
    let mut lines = String::new();
    for number in 0..examples {
        let example = json!({
            "id": format!("e-{number:06}"),
            "input": {"question": format!("question {number}")},
            "expected_output": "yes",
        });
        writeln!(lines, "{example}")?;
    }
    fs::write(dataset.join("distribution.jsonl"), lines)?;
    fs::write(folder.join("prompt.md.j2"), "{{ input.question }}")?;
    let suite = format!(
        "[suite]\nname = \"chaos\"\ndataset = \"dataset\"\n\n[subject.openai]\nmodel = \"load\"\nbase_url = \"{address}/v1\"\nprompt = \"prompt.md.j2\"\n\n[metrics.right.exact_match]\nthreshold = 1.0\n\n[gates.distribution]\npass_rate = 0.5\n\n[run]\nconcurrency = {CONCURRENCY}\n"
    );
    Ok(fs::write(folder.join("evalward.toml"), suite)?)
}

/// Checks that each example has one row that passed, and that only calls which were under way at a kill were made again.
fn settle(folder: &Path, args: &RunsArgs, killed: u32, counters: &Counters) -> Result<()> {
    let mut runs = fs::read_dir(folder.join(".evalward/runs"))?;
    let run = runs.next().context("there is no run")??.path();
    ensure!(runs.next().is_none(), "there is more than one run");
    let mut rows: BTreeMap<String, u32> = BTreeMap::new();
    for line in fs::read_to_string(run.join("results.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        ensure!(row["outcome"] == "passed", "a row did not pass: {line}");
        let id = row["example_id"].as_str().context("a row without an example")?;
        *rows.entry(id.to_owned()).or_default() += 1;
    }
    let expected = usize::try_from(args.examples)?;
    ensure!(rows.len() == expected, "{} of {expected} examples have a row", rows.len());
    if let Some((id, count)) = rows.iter().find(|(_, count)| **count != 1) {
        anyhow::bail!("example `{id}` has {count} rows");
    }
    let again = counters.requests.saturating_sub(u64::from(args.examples));
    let bound = u64::from(killed * CONCURRENCY);
    ensure!(again <= bound, "{again} calls were made again, and at most {bound} were under way");
    Ok(())
}
