//! A run that is killed again and again, and gone on with until it is done.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use evalward_core::Seed;
use evalward_loadserver::{Counters, LoadServer, Options};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::suite::{Asked, command, read_rows, write_suite};
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
    write_suite(folder.path(), Asked::Subject, server.address(), args.examples, "")?;
    let file = folder.path().join("evalward.toml");
    let suite = fs::read_to_string(&file)?;
    fs::write(&file, format!("{suite}\n[run]\nconcurrency = {CONCURRENCY}\n"))?;
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

/// Checks that each example has one row that passed, and that only calls which were under way at a kill were made again.
fn settle(folder: &Path, args: &RunsArgs, killed: u32, counters: &Counters) -> Result<()> {
    let rows = read_rows(folder, args.examples)?;
    ensure!(rows.passed == u64::from(args.examples), "{} examples passed", rows.passed);
    let again = counters.requests.saturating_sub(u64::from(args.examples));
    let bound = u64::from(killed * CONCURRENCY);
    ensure!(again <= bound, "{again} calls were made again, and at most {bound} were under way");
    Ok(())
}
