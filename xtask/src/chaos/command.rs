//! The command: sends, kills, restarts, and settles the account.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand, ValueEnum};
use evalward_core::Seed;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::audit::{Account, settle};
use super::calls::{self, CallsArgs};
use super::ledger::Ledger;
use super::runs::{self, RunsArgs};
use super::sender::{Sender, send};
use super::stage::Stage;
use crate::console::{Stopwatch, say, seconds};
use crate::monitor::MonitorProcess;
use crate::repository::{Profile, Repository};
use crate::test::ensure_postgres;

/// What is put under stress.
#[derive(Debug, Subcommand)]
pub(crate) enum Chaos {
    /// The way of an interaction from the wire to its evaluation
    Ingest(ChaosArgs),
    /// Runs that are killed and gone on with
    Runs(RunsArgs),
    /// Runs whose model server fails now and then, and runs whose server dies
    Calls(CallsArgs),
}

/// How long and on what.
#[derive(Debug, Args)]
pub(crate) struct ChaosArgs {
    /// How often the monitor is killed.
    #[arg(long, default_value_t = 10)]
    pub(crate) rounds: u32,
    /// Which database holds the store.
    #[arg(long, value_enum, default_value_t = Engines::Both)]
    pub(crate) engine: Engines,
    /// The seed of the traffic and of the moments; the machine's speed still varies what they meet.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl ChaosArgs {
    /// Returns a few rounds on each engine, for every change.
    pub(crate) const fn quick() -> Self {
        Self { rounds: 3, engine: Engines::Both, seed: 1 }
    }
}

/// Which database holds the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engines {
    /// A file.
    Sqlite,
    /// A server, which is started for this.
    Postgres,
    /// One after the other.
    Both,
}

/// How many connections send at once.
const SENDERS: u32 = 4;

/// How long a round lasts before the kill, in milliseconds.
const ROUND_MILLIS: std::ops::Range<u64> = 200..1500;

/// The share of rounds that end with a request to end (SIGTERM) instead of a kill (SIGKILL).
const TERMINATED: f64 = 0.3;

/// Puts ingest under stress on each engine; any loss or doubling is an error.
pub(crate) fn run(repository: &Repository, chaos: &Chaos) -> Result<()> {
    let args = match chaos {
        Chaos::Ingest(args) => args,
        Chaos::Runs(args) => return runs::run(repository, args),
        Chaos::Calls(args) => return calls::run(repository, args),
    };
    let program = repository.build("evalward-monitor", "evalward-monitor", Profile::Dev)?;
    let mut accounts = Vec::new();
    for engine in [Engines::Sqlite, Engines::Postgres] {
        if args.engine != engine && args.engine != Engines::Both {
            continue;
        }
        let stopwatch = Stopwatch::start();
        let stage = match engine {
            Engines::Postgres => {
                ensure_postgres(&repository.shell()?)?;
                Stage::on_postgres(&program)?
            }
            _ => Stage::on_sqlite(&program)?,
        };
        let account = play(&stage, args)
            .with_context(|| format!("failed on {} with seed {}", stage.engine(), args.seed))?;
        say(&format!(
            "{}: {} kills in {}",
            stage.engine(),
            account.kills,
            seconds(stopwatch.elapsed())
        ));
        accounts.push((stage.engine(), account));
    }
    say(&format!("\n{}", table(&accounts)));
    judge(&accounts, args.seed)
}

fn play(stage: &Stage, args: &ChaosArgs) -> Result<Account> {
    let seed = Seed::from_number(args.seed).derive(stage.engine());
    let ledger = Ledger::default();
    let mut monitor = stage.start()?;
    let address = monitor.address();
    let killed = thread::scope(|scope| {
        for number in 0..SENDERS {
            let sender = Sender { number, address, seed: seed.derive(&format!("sender {number}")) };
            let ledger = &ledger;
            scope.spawn(move || send(sender, ledger));
        }
        let killed = kill_and_restart(stage, args.rounds, seed.derive("moments"), &mut monitor);
        // The senders finish what they hold; where no monitor is left they must not wait for one.
        ledger.stop(killed.is_err());
        killed
    });
    killed.with_context(|| "the monitor did not come back")?;
    let mut account = settle(&monitor, ledger)?;
    account.kills = args.rounds;
    monitor.terminate()?;
    Ok(account)
}

fn kill_and_restart(
    stage: &Stage,
    rounds: u32,
    seed: Seed,
    monitor: &mut MonitorProcess,
) -> Result<()> {
    let mut random = ChaCha8Rng::from_seed(seed.bytes());
    for _ in 0..rounds {
        thread::sleep(Duration::from_millis(random.random_range(ROUND_MILLIS)));
        if random.random_bool(TERMINATED) {
            monitor.terminate()?;
        } else {
            monitor.kill()?;
        }
        *monitor = stage.start()?;
    }
    thread::sleep(Duration::from_millis(ROUND_MILLIS.start));
    Ok(())
}

fn table(accounts: &[(&str, Account)]) -> String {
    let mut table = "| engine | acknowledged | unknown | stored | sampled | evaluated | kills | lost | doubled |\n\
                     |---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
        .to_owned();
    for (engine, account) in accounts {
        let Account {
            acknowledged, unknown, stored, sampled, evaluated, kills, lost, doubled, ..
        } = account;
        let row = format!(
            "| {engine} | {acknowledged} | {unknown} | {stored} | {sampled} | {evaluated} | {kills} | {lost} | {doubled} |\n"
        );
        table.push_str(&row);
    }
    table
}

fn judge(accounts: &[(&str, Account)], seed: u64) -> Result<()> {
    for (engine, account) in accounts {
        for violation in account.violations.iter().take(20) {
            say(&format!("{engine}: {violation}"));
        }
    }
    let violations: usize = accounts.iter().map(|(_, account)| account.violations.len()).sum();
    if violations > 0 {
        bail!("the account does not balance: {violations} violations (seed {seed})");
    }
    for (engine, account) in accounts {
        ensure!(
            account.acknowledged > 0 && account.evaluated > 0,
            "nothing was acknowledged or evaluated on {engine}, so this shows nothing"
        );
    }
    Ok(())
}
