//! Runs whose server fails now and then, and runs whose server dies; the server counts what it is asked.

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use evalward_loadserver::{Counters, Fault, Faults, LoadServer, Options};
use regex::Regex;

use super::suite::{Asked, Rows, command, read_rows, write_suite};
use crate::console::{Stopwatch, say, seconds};
use crate::repository::{Profile, Repository};

/// How large a run, and which faults it meets.
#[derive(Debug, Args)]
pub(crate) struct CallsArgs {
    /// The number of examples.
    #[arg(long, default_value_t = 400)]
    pub(crate) examples: u32,
    /// The seed of the faults.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// What calls meet; the rest is answered.
const FAULTS: Faults = Faults {
    busy: 0.05,
    retry_after: Duration::from_secs(1),
    broken: 0.02,
    hanging: 0.01,
    malformed: 0.01,
};

/// How long the suite with faults lets a call take; by default a call that hangs costs a minute.
const TIMEOUT_SECS: u32 = 2;

/// How many requests a server answers before it dies.
const LIFE: u64 = 100;

/// How long a run may take to see that its server is dead.
const DEATH: Duration = Duration::from_secs(15);

/// How often a run may be gone on with until nothing is left to do.
const ATTEMPTS: u32 = 5;

/// The exit code of a run that could not be completed.
const INCOMPLETE: i32 = 3;

/// Plays both for calls of a subject and for calls of a judge; an example that is lost or passes by an error is an error.
pub(super) fn run(repository: &Repository, args: &CallsArgs) -> Result<()> {
    let evalward = repository.build_evalward(Profile::Dev)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for asked in [Asked::Subject, Asked::Judge] {
        let options = Options { seed: args.seed, ..options(asked)? };
        let faulty = Options { faults: FAULTS, ..options.clone() };
        let server = runtime.block_on(LoadServer::start(faulty))?;
        let stage = Stage { evalward: &evalward, server, asked, examples: args.examples };
        stage.fails().with_context(|| format!("failed with a {asked} that fails now and then"))?;
        let mortal = Options { life: Some(LIFE), ..options };
        let server = runtime.block_on(LoadServer::start(mortal))?;
        let stage = Stage { evalward: &evalward, server, asked, examples: args.examples };
        stage.dies().with_context(|| format!("failed with a {asked} that dies"))?;
    }
    Ok(())
}

fn options(asked: Asked) -> Result<Options> {
    let reply = match asked {
        Asked::Subject => "yes".to_owned(),
        Asked::Judge => serde_json::json!({
            "code": "$1",
            "criteria": {"helpfulness": {"reasoning": "Good.", "strengths": [], "weaknesses": [], "score": 4}},
        })
        .to_string(),
    };
    let repeated = Some(Regex::new(r"The code of this request is (\w+)")?);
    Ok(Options { reply, repeated, ..Options::default() })
}

/// A run and the server that it calls.
struct Stage<'a> {
    evalward: &'a Path,
    server: LoadServer,
    asked: Asked,
    examples: u32,
}

impl Stage<'_> {
    /// Goes on until each example has a result, and counts what that took.
    fn fails(&self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        let calls = format!("calls = {{ timeout = \"{TIMEOUT_SECS}s\" }}");
        write_suite(folder.path(), self.asked, self.server.address(), self.examples, &calls)?;
        let stopwatch = Stopwatch::start();
        let mut attempts = 0;
        let mut errored = 0;
        loop {
            let malformed = self.malformed();
            let status = self.attempt(folder.path(), attempts > 0)?;
            attempts += 1;
            let rows = read_rows(folder.path(), self.examples)?;
            ensure!(rows.failed == 0, "{} examples failed", rows.failed);
            let new = self.malformed() - malformed;
            ensure!(
                rows.errored == new && rows.unfinished == 0,
                "{} examples errored and {} were not evaluated, but {new} answers were malformed",
                rows.errored,
                rows.unfinished
            );
            errored += rows.errored;
            if status.success() {
                break;
            }
            ensure!(status.code() == Some(INCOMPLETE), "the run ended with {status}");
            ensure!(attempts < ATTEMPTS, "the run was not done after {attempts} attempts");
        }
        let Counters { requests, answered, faults, too_early, .. } = self.server.counters();
        let met: u64 = faults.values().sum();
        // Every fault costs one more call, whoever calls.
        let ideal = u64::from(self.examples) + met;
        ensure!(requests * 10 <= ideal * 11, "{requests} calls were made, and {ideal} are needed");
        ensure!(too_early == 0, "{too_early} calls came before `Retry-After` was over");
        let asked = self.asked;
        say(&format!(
            "chaos calls, {asked} that fails: {} examples, none lost or passed by an error; {requests} calls for {answered} answers and {met} faults {faults:?}, {too_early} before `Retry-After` was over; {errored} malformed answers asked for by `--resume` ({})",
            self.examples,
            seconds(stopwatch.elapsed()),
        ));
        Ok(())
    }

    /// Sees the server die, and goes on when it is back.
    fn dies(&self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        write_suite(folder.path(), self.asked, self.server.address(), self.examples, "")?;
        let stopwatch = Stopwatch::start();
        let status = self.attempt(folder.path(), false)?;
        let time = stopwatch.elapsed();
        ensure!(status.code() == Some(INCOMPLETE), "the run ended with {status}");
        ensure!(time < DEATH, "it took {} to see that the server is dead", seconds(time));
        let Rows { passed, failed, .. } = read_rows(folder.path(), self.examples)?;
        ensure!((passed, failed) == (LIFE, 0), "{passed} passed and {failed} failed of {LIFE}");
        let in_vain = self.server.counters().requests - LIFE;
        self.server.revive();
        let status = self.attempt(folder.path(), true)?;
        ensure!(status.success(), "the resumed run ended with {status}");
        let rows = read_rows(folder.path(), self.examples)?;
        ensure!(rows.passed == u64::from(self.examples), "{} examples passed", rows.passed);
        let answered = self.server.counters().answered;
        ensure!(answered == u64::from(self.examples), "{answered} calls were answered");
        let asked = self.asked;
        say(&format!(
            "chaos calls, {asked} that dies: exit 3 after {} and {in_vain} calls in vain, {LIFE} of {} results kept; `--resume` made the other {} calls, each once",
            seconds(time),
            self.examples,
            answered - LIFE,
        ));
        Ok(())
    }

    fn attempt(&self, folder: &Path, resume: bool) -> Result<ExitStatus> {
        Ok(command(self.evalward, folder, resume).status()?)
    }

    fn malformed(&self) -> u64 {
        self.server.counters().faults.get(&Fault::Malformed).copied().unwrap_or(0)
    }
}
